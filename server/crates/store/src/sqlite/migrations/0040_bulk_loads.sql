-- The key by which a message is in once begins with its second, so that messages of one time lie together: a load in order of time
-- then touches a few pages of the index, not all of them.
UPDATE messages SET content_hash = unhex(
    printf('%010X', max(0, min(1099511627775, (sent_at_ms - ((sent_at_ms % 1000) + 1000) % 1000) / 1000 + 549755813888)))
    || hex(content_hash));

-- Messages up to and including this number are in the full text; bulk loads leave it behind and catch up in large steps.
INSERT INTO meta (key, value) SELECT 'text_upto', coalesce(max(message_no), 0) FROM messages;

-- Larger pieces, fewer merges: bytes that the full text gathers in memory before it writes them.
INSERT INTO message_text (message_text, rank) VALUES ('hashsize', 16777216);
