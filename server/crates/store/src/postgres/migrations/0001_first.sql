-- The same as SQLite has, laid out so that messages and mentions can be spread over servers (Citus): `msg_hash`, from the
-- content hash, is the column to distribute both by and part of every key of theirs; they have no foreign keys and no unique
-- index without it. They are partitioned by the month in which the message was sent (UTC). All other tables are plain.

CREATE TABLE meta (
    key   text PRIMARY KEY,
    value bigint NOT NULL
) WITH (fillfactor = 50);
-- Whoever changes data holds the row `data_version` until it commits: one writer at a time, so numbers grow in the order in
-- which they become visible, and who follows them misses nothing.
INSERT INTO meta (key, value) VALUES ('data_version', 0), ('rewritten', 0), ('pings', 0), ('last_message', 0), ('last_mention', 0);

CREATE TABLE cases (
    case_no integer PRIMARY KEY,
    name    text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE sources (
    source_no integer PRIMARY KEY,
    case_no   integer NOT NULL REFERENCES cases (case_no),
    name      text COLLATE "C" NOT NULL,
    synthetic boolean NOT NULL,
    messages  bigint NOT NULL DEFAULT 0,
    rejected  bigint NOT NULL DEFAULT 0,
    first_ms  bigint,
    last_ms   bigint,
    shared    bigint NOT NULL DEFAULT 0,
    map       text,
    UNIQUE (case_no, name)
);

-- The list of imports, which workers share by SKIP LOCKED: a plain table.
CREATE TABLE jobs (
    job_no         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_no      integer NOT NULL REFERENCES sources (source_no),
    file_name      text NOT NULL,
    fingerprint    text NOT NULL,
    file_bytes     bigint NOT NULL,
    done_bytes     bigint NOT NULL DEFAULT 0,
    format         text NOT NULL,
    reading        text NOT NULL,
    upload         text,
    made_by        text,
    state          text NOT NULL,
    line           bigint NOT NULL DEFAULT 1,
    byte_offset    bigint NOT NULL DEFAULT 0,
    read           bigint NOT NULL DEFAULT 0,
    imported       bigint NOT NULL DEFAULT 0,
    duplicates     bigint NOT NULL DEFAULT 0,
    rejected       bigint NOT NULL DEFAULT 0,
    notices        bigint NOT NULL DEFAULT 0,
    mentions       bigint NOT NULL DEFAULT 0,
    created_ms     bigint NOT NULL,
    started_ms     bigint,
    -- The run that goes on now, or went last, and what had been read before it.
    run_started_ms bigint NOT NULL DEFAULT 0,
    run_read       bigint NOT NULL DEFAULT 0,
    ended_ms       bigint,
    error          text,
    -- Who reads it, and until when that holds without another word.
    worker         text,
    lease_ms       bigint NOT NULL DEFAULT 0,
    -- Whether somebody wants it to stop.
    cancel         boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
CREATE INDEX jobs_by_file ON jobs (source_no, fingerprint);
CREATE INDEX jobs_by_state ON jobs (state, job_no);
CREATE INDEX jobs_by_upload ON jobs (upload) WHERE upload IS NOT NULL;

-- `name_hash` is a hash of the name: an index row has a limit, a name has none.
CREATE TABLE conversations (
    conversation_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_no         integer NOT NULL,
    name_hash       bytea NOT NULL,
    name            text NOT NULL,
    UNIQUE (case_no, name_hash)
);

CREATE TABLE senders (
    sender_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_no   integer NOT NULL,
    name_hash bytea NOT NULL,
    name      text NOT NULL,
    UNIQUE (case_no, name_hash)
);

CREATE TABLE places (
    place_no     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           text COLLATE "C" NOT NULL UNIQUE,
    name         text NOT NULL,
    kind         text NOT NULL,
    lon          double precision NOT NULL,
    lat          double precision NOT NULL,
    radius_m     integer NOT NULL,
    municipality text,
    province     text,
    police_unit  text,
    country      text,
    population   bigint
);

-- What the geoparser could not tell apart: the same words (folded), read as the same place, on the same signs; `hash` is of all
-- three.
CREATE TABLE phrases (
    phrase_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash      bytea NOT NULL UNIQUE,
    words     text NOT NULL,
    signs     text NOT NULL,
    place_no  integer NOT NULL
);
CREATE INDEX phrases_by_words ON phrases USING hash (words);

-- `msg_hash` and `hash_rest` are the content hash. `sent_s` is the second it covers: two exports of one message may differ in
-- `sent_at_ms`, and then there would be two keys. `words` is `text` as it is searched (store/src/words.rs).
CREATE TABLE messages (
    msg_hash        bigint NOT NULL,
    hash_rest       bigint NOT NULL,
    sent_s          bigint NOT NULL,
    message_no      bigint NOT NULL,
    sent_at_ms      bigint NOT NULL,
    case_no         integer NOT NULL,
    source_no       integer NOT NULL,
    conversation_no integer NOT NULL,
    sender_no       integer NOT NULL,
    external_id     text,
    text            text NOT NULL,
    words           text NOT NULL,
    PRIMARY KEY (msg_hash, hash_rest, sent_s)
) PARTITION BY RANGE (sent_s);
CREATE INDEX messages_by_number ON messages (message_no);
-- A tsvector holds a megabyte. Longer texts are indexed by what stands first, and looked through whole.
CREATE INDEX messages_by_word ON messages USING gin (array_to_tsvector(string_to_array(rtrim(left(words, 200000)), ' ')));
CREATE INDEX messages_of_length ON messages (message_no) WHERE length(words) > 200000;
-- Years that no message should be of; the months between are made when a message is of them.
CREATE TABLE messages_otherwise PARTITION OF messages DEFAULT;

-- A mention carries what the index of activity needs of its message: reading them is no join.
CREATE TABLE mentions (
    mention_no      bigint NOT NULL,
    msg_hash        bigint NOT NULL,
    sent_s          bigint NOT NULL,
    message_no      bigint NOT NULL,
    sent_at_ms      bigint NOT NULL,
    case_no         integer NOT NULL,
    source_no       integer NOT NULL,
    conversation_no integer NOT NULL,
    sender_no       integer NOT NULL,
    place_no        integer NOT NULL,
    phrase_no       integer NOT NULL,
    span_start      integer NOT NULL,
    span_end        integer NOT NULL,
    confidence      real NOT NULL,
    accepted        boolean NOT NULL,
    uncertain       boolean NOT NULL,
    kind            text NOT NULL,
    reasons         text NOT NULL,
    alternatives    text NOT NULL,
    PRIMARY KEY (mention_no, msg_hash, sent_s)
) PARTITION BY RANGE (sent_s);
CREATE INDEX mentions_by_message ON mentions (message_no);
CREATE TABLE mentions_otherwise PARTITION OF mentions DEFAULT;

-- A message met again in another source belongs to both.
CREATE TABLE shared_messages (
    shared_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_no bigint NOT NULL,
    source_no  integer NOT NULL,
    UNIQUE (message_no, source_no)
);

-- First message of each batch: messages of a batch were read together, and are so again.
CREATE TABLE batches (
    first_message_no bigint PRIMARY KEY
);

-- How many messages there are of each day, with a place or without: silence is not calm.
CREATE TABLE coverage (
    case_no   integer NOT NULL,
    source_no integer NOT NULL,
    day       integer NOT NULL,
    messages  bigint NOT NULL,
    shared    bigint NOT NULL,
    PRIMARY KEY (case_no, source_no, day)
);

CREATE TABLE rejected (
    rejected_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_no      bigint NOT NULL,
    line        bigint NOT NULL,
    byte_offset bigint NOT NULL,
    code        text NOT NULL,
    reason      text NOT NULL,
    raw         bytea NOT NULL,
    UNIQUE (job_no, byte_offset)
);

CREATE TABLE decisions (
    decision_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action      text NOT NULL,
    words       text NOT NULL,
    case_no     integer,
    place_no    integer,
    made_by     text NOT NULL,
    made_ms     bigint NOT NULL,
    note        text,
    undone_ms   bigint
);
CREATE INDEX decisions_by_words ON decisions USING hash (words);

-- Readings of its words that a decision speaks for; none when it is about the words alone.
CREATE TABLE decision_readings (
    reading_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_no bigint NOT NULL,
    signs       text NOT NULL,
    place       text NOT NULL,
    UNIQUE (decision_no, signs, place)
);

CREATE TABLE settings (
    key   text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE users (
    user_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL UNIQUE
);

CREATE TABLE sign_in_tokens (
    hash       bytea PRIMARY KEY,
    user_no    bigint NOT NULL REFERENCES users (user_no),
    expires_ms bigint NOT NULL
);

CREATE TABLE sessions (
    hash       bytea PRIMARY KEY,
    user_no    bigint NOT NULL REFERENCES users (user_no),
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL
);
