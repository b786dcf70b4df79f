-- The words of messages, cut and folded by us (store/src/words.rs) so that every backend finds the same: the tokenizer only
-- splits at spaces. Messages up to number `unindexed` still have none in it; opening the store makes up for that.
DROP TABLE message_text;
CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', tokenize = 'ascii');
INSERT INTO meta (key, value) SELECT 'unindexed', coalesce(max(message_no), 0) FROM messages;
