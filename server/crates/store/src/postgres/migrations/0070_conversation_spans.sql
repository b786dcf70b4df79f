-- From when to when each conversation has messages: where it has none, silence about a place says nothing. `upto` is the last message
-- that was there when the row last changed.
CREATE TABLE conversation_spans (
    conversation_no integer PRIMARY KEY,
    first_ms        bigint NOT NULL,
    last_ms         bigint NOT NULL,
    messages        bigint NOT NULL,
    upto            bigint NOT NULL
);

INSERT INTO conversation_spans
SELECT conversation_no, min(sent_at_ms), max(sent_at_ms), count(*), max(message_no) FROM messages GROUP BY conversation_no;
