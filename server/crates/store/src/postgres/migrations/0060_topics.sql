-- What messages are about: a bit for each topic, by a number that stays the topic's whatever the lexicon holds later.

CREATE TABLE topics (
    topic_no integer PRIMARY KEY CHECK (topic_no BETWEEN 0 AND 31),
    id       text COLLATE "C" NOT NULL UNIQUE
);

-- 0: about none of them, or stored before there were topics; `speurkaart regeoparse` fills it in. A mention has those of its message.
ALTER TABLE messages ADD COLUMN topics integer NOT NULL DEFAULT 0;
ALTER TABLE mentions ADD COLUMN topics integer NOT NULL DEFAULT 0;
