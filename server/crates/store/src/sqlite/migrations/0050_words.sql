-- The words of messages, cut and folded by us (store/src/words.rs) so that every backend finds the same: the tokenizer only splits
-- at spaces. What was stored before is caught up with as after a large load.
DROP TABLE message_text;
CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', tokenize = 'ascii');
INSERT INTO message_words (message_words, rank) VALUES ('hashsize', 16777216);
UPDATE meta SET value = 0 WHERE key = 'text_upto';
