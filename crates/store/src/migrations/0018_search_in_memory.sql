-- Listings and variants are searched in memory: their texts are read when somebody is about to type.
DROP TRIGGER listings_fts_delete;
DROP TRIGGER listings_fts_update;
DROP TABLE listings_fts;
DROP TRIGGER variants_fts_delete;
DROP TRIGGER variants_fts_update;
DROP TABLE variants_fts;
