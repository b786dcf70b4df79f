-- A message met again in another source belongs to both. Numbered, so that the index can ask for what came in since; counted, so that
-- a source that another one came before is not taken for one without messages.

CREATE TABLE shared_messages (
    shared_no  INTEGER PRIMARY KEY,
    message_no INTEGER NOT NULL,
    source_no  INTEGER NOT NULL,
    UNIQUE (message_no, source_no)
) STRICT;
INSERT INTO shared_messages (message_no, source_no) SELECT message_no, source_no FROM message_sources ORDER BY 1, 2;
DROP TABLE message_sources;

ALTER TABLE sources ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
UPDATE sources SET
    shared = (SELECT count(*) FROM shared_messages s WHERE s.source_no = sources.source_no),
    first_ms = (SELECT min(t) FROM (SELECT first_ms AS t UNION ALL
                SELECT min(m.sent_at_ms) FROM shared_messages s JOIN messages m USING (message_no) WHERE s.source_no = sources.source_no)),
    last_ms = (SELECT max(t) FROM (SELECT last_ms AS t UNION ALL
               SELECT max(m.sent_at_ms) FROM shared_messages s JOIN messages m USING (message_no) WHERE s.source_no = sources.source_no));

ALTER TABLE coverage ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
-- Whole days, rounded down also before 1970.
INSERT INTO coverage (case_no, source_no, day, messages, shared)
    SELECT m.case_no, s.source_no, (m.sent_at_ms - ((m.sent_at_ms % 86400000) + 86400000) % 86400000) / 86400000, 0, count(*)
    FROM shared_messages s JOIN messages m USING (message_no) WHERE true GROUP BY 1, 2, 3
    ON CONFLICT DO UPDATE SET shared = excluded.shared;
