-- Which column or field is what in a source, as it was last said by hand; null where it was never said.
ALTER TABLE sources ADD COLUMN map TEXT;
