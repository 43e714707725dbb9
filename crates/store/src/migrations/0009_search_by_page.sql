-- New rows enter the trigram index a page at a time, by the statement that saves pages: a trigger
-- would close the index's batch for every row, which costs as much as all the rest of a fetch.

DROP TRIGGER listings_fts_insert;
DROP TRIGGER variants_fts_insert;
