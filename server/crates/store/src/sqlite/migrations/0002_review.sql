-- What people decide about uncertain mentions. A decision is a rule over readings, applied when mentions are read: it rewrites
-- no mention, so making and undoing one costs a row whatever it speaks for.

-- What the geoparser could not tell apart: the same words (folded), read as the same place, on the same signs.
CREATE TABLE phrases (
    phrase_no INTEGER PRIMARY KEY,
    words     TEXT NOT NULL,
    signs     TEXT NOT NULL,
    place_no  INTEGER NOT NULL,
    UNIQUE (words, signs, place_no)
) STRICT;

-- 0: stored before there were phrases; `speurkaart regeoparse` fills it in.
ALTER TABLE mentions ADD COLUMN phrase_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mentions ADD COLUMN uncertain INTEGER NOT NULL DEFAULT 0;

CREATE TABLE decisions (
    decision_no INTEGER PRIMARY KEY,
    action      TEXT NOT NULL,
    words       TEXT NOT NULL,
    case_no     INTEGER,
    place_no    INTEGER,
    made_by     TEXT NOT NULL,
    made_ms     INTEGER NOT NULL,
    note        TEXT,
    undone_ms   INTEGER
) STRICT;
CREATE INDEX decisions_by_words ON decisions (words);

-- Readings of its words that a decision speaks for; none when it is about the words alone.
CREATE TABLE decision_readings (
    reading_no  INTEGER PRIMARY KEY,
    decision_no INTEGER NOT NULL,
    signs       TEXT NOT NULL,
    place       TEXT NOT NULL,
    UNIQUE (decision_no, signs, place)
) STRICT;

-- First message of each batch: messages of a batch were read together, and are so again.
CREATE TABLE batches (
    first_message_no INTEGER PRIMARY KEY
) STRICT;
INSERT INTO batches (first_message_no) SELECT message_no FROM messages WHERE (message_no - 1) % 10000 = 0;

-- Grows when stored mentions change: an index built from them must be built anew.
INSERT INTO meta (key, value) VALUES ('rewritten', 0);
