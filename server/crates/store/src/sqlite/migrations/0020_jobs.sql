-- Import jobs as a list that people see and steer and that several processes share.

ALTER TABLE jobs ADD COLUMN format TEXT NOT NULL DEFAULT '';
-- How the file is read, in the words of whoever reads it.
ALTER TABLE jobs ADD COLUMN reading TEXT NOT NULL DEFAULT '';
-- The upload that the file is, or is a part of; null when a process reads it where it stands.
ALTER TABLE jobs ADD COLUMN upload TEXT;
ALTER TABLE jobs ADD COLUMN made_by TEXT;
ALTER TABLE jobs ADD COLUMN done_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN notices INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
-- The run that goes on now or went last: when it began, and what had been read before it.
ALTER TABLE jobs ADD COLUMN run_started_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN run_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN error TEXT;
-- Who reads it, and until when that holds without another word.
ALTER TABLE jobs ADD COLUMN worker TEXT;
ALTER TABLE jobs ADD COLUMN lease_ms INTEGER NOT NULL DEFAULT 0;
-- Whether somebody wants it to stop.
ALTER TABLE jobs ADD COLUMN cancel INTEGER NOT NULL DEFAULT 0;

UPDATE jobs SET created_ms = started_ms, run_started_ms = started_ms,
    done_bytes = CASE WHEN state = 'done' THEN file_bytes ELSE 0 END,
    notices = (SELECT count(*) FROM rejected r WHERE r.job_no = jobs.job_no AND r.code = 'system_notice');

CREATE INDEX jobs_by_state ON jobs (state, job_no);
CREATE INDEX jobs_by_upload ON jobs (upload) WHERE upload IS NOT NULL;
