-- What messages are about: a bit for each topic, by a number that stays the topic's whatever the lexicon holds later.

CREATE TABLE topics (
    topic_no INTEGER PRIMARY KEY CHECK (topic_no BETWEEN 0 AND 31),
    id       TEXT NOT NULL UNIQUE
) STRICT;

-- 0: about none of them, or stored before there were topics; `speurkaart regeoparse` fills it in.
ALTER TABLE messages ADD COLUMN topics INTEGER NOT NULL DEFAULT 0;
