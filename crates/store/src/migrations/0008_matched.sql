-- What the last match found is kept beside the database. The stamp says which such file goes with
-- what is in here; there is none while a match is being saved.

ALTER TABLE models ADD COLUMN matched TEXT;
