-- Messages and what was found in them. `msg_hash`, from the content hash, is the column by which a distributed store spreads
-- both; here it costs eight bytes a row and keeps the two schemas alike.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('data_version', 0), ('pings', 0);

CREATE TABLE cases (
    case_no INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sources (
    source_no INTEGER PRIMARY KEY,
    case_no   INTEGER NOT NULL REFERENCES cases (case_no),
    name      TEXT NOT NULL,
    synthetic INTEGER NOT NULL,
    messages  INTEGER NOT NULL DEFAULT 0,
    rejected  INTEGER NOT NULL DEFAULT 0,
    first_ms  INTEGER,
    last_ms   INTEGER,
    UNIQUE (case_no, name)
) STRICT;

CREATE TABLE jobs (
    job_no      INTEGER PRIMARY KEY,
    source_no   INTEGER NOT NULL REFERENCES sources (source_no),
    file_name   TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    file_bytes  INTEGER NOT NULL,
    state       TEXT NOT NULL,
    line        INTEGER NOT NULL DEFAULT 1,
    byte_offset INTEGER NOT NULL DEFAULT 0,
    read        INTEGER NOT NULL DEFAULT 0,
    imported    INTEGER NOT NULL DEFAULT 0,
    duplicates  INTEGER NOT NULL DEFAULT 0,
    rejected    INTEGER NOT NULL DEFAULT 0,
    mentions    INTEGER NOT NULL DEFAULT 0,
    started_ms  INTEGER NOT NULL,
    ended_ms    INTEGER
) STRICT;
CREATE INDEX jobs_by_file ON jobs (source_no, fingerprint, file_name);

CREATE TABLE conversations (
    conversation_no INTEGER PRIMARY KEY,
    case_no         INTEGER NOT NULL,
    name            TEXT NOT NULL,
    UNIQUE (case_no, name)
) STRICT;

CREATE TABLE senders (
    sender_no INTEGER PRIMARY KEY,
    case_no   INTEGER NOT NULL,
    name      TEXT NOT NULL,
    UNIQUE (case_no, name)
) STRICT;

CREATE TABLE messages (
    message_no      INTEGER PRIMARY KEY,
    msg_hash        INTEGER NOT NULL,
    content_hash    BLOB NOT NULL UNIQUE,
    case_no         INTEGER NOT NULL,
    source_no       INTEGER NOT NULL,
    conversation_no INTEGER NOT NULL,
    sender_no       INTEGER NOT NULL,
    sent_at_ms      INTEGER NOT NULL,
    external_id     TEXT,
    text            TEXT NOT NULL
) STRICT;

-- The same message met again in another source.
CREATE TABLE message_sources (
    message_no INTEGER NOT NULL,
    source_no  INTEGER NOT NULL,
    PRIMARY KEY (message_no, source_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE places (
    place_no     INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    lon          REAL NOT NULL,
    lat          REAL NOT NULL,
    radius_m     INTEGER NOT NULL,
    municipality TEXT,
    province     TEXT,
    police_unit  TEXT,
    country      TEXT,
    population   INTEGER
) STRICT;

CREATE TABLE mentions (
    mention_no   INTEGER PRIMARY KEY,
    msg_hash     INTEGER NOT NULL,
    message_no   INTEGER NOT NULL,
    span_start   INTEGER NOT NULL,
    span_end     INTEGER NOT NULL,
    place_no     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    confidence   REAL NOT NULL,
    accepted     INTEGER NOT NULL,
    reasons      TEXT NOT NULL,
    alternatives TEXT NOT NULL
) STRICT;
CREATE INDEX mentions_by_message ON mentions (message_no);

-- How many messages there are of each day, with a place or without: silence is not calm.
CREATE TABLE coverage (
    case_no   INTEGER NOT NULL,
    source_no INTEGER NOT NULL,
    day       INTEGER NOT NULL,
    messages  INTEGER NOT NULL,
    PRIMARY KEY (case_no, source_no, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected (
    rejected_no INTEGER PRIMARY KEY,
    job_no      INTEGER NOT NULL,
    line        INTEGER NOT NULL,
    byte_offset INTEGER NOT NULL,
    code        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    raw         BLOB NOT NULL,
    UNIQUE (job_no, byte_offset)
) STRICT;

CREATE VIRTUAL TABLE message_text USING fts5 (
    text, content = 'messages', content_rowid = 'message_no', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE users (
    user_no INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sign_in_tokens (
    hash       BLOB PRIMARY KEY,
    user_no    INTEGER NOT NULL REFERENCES users (user_no),
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY,
    user_no    INTEGER NOT NULL REFERENCES users (user_no),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
