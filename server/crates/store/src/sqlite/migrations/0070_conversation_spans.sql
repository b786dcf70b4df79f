-- From when to when each conversation has messages: where it has none, silence about a place says nothing. `upto` is the last message
-- that was there when the row last changed. Like the full text it holds the messages up to `text_upto`.
CREATE TABLE conversation_spans (
    conversation_no INTEGER PRIMARY KEY,
    first_ms        INTEGER NOT NULL,
    last_ms         INTEGER NOT NULL,
    messages        INTEGER NOT NULL,
    upto            INTEGER NOT NULL
) STRICT;

INSERT INTO conversation_spans
SELECT conversation_no, min(sent_at_ms), max(sent_at_ms), count(*), max(message_no) FROM messages
WHERE message_no <= (SELECT value FROM meta WHERE key = 'text_upto') GROUP BY conversation_no;
