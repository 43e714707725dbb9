-- What the matching learned of a store, the manager's word list, and what a match says beside its
-- verdict.

-- One row for each store, replaced whenever it is learned anew.
CREATE TABLE models (
    store         TEXT PRIMARY KEY REFERENCES connections (slug) ON DELETE CASCADE,
    -- The Odoo whose variants it was learned from.
    odoo          TEXT NOT NULL,
    -- JSON, deflated; its shape is the matching's own matter.
    model         BLOB NOT NULL,
    -- What every row said then, in eight bytes each, rising: by it one counts what changed since.
    fingerprints  BLOB NOT NULL,
    -- The same of the word lists.
    words         BLOB NOT NULL,
    listings      INTEGER NOT NULL,
    variants      INTEGER NOT NULL,
    proven        INTEGER NOT NULL,
    decisions     INTEGER NOT NULL,
    -- The number of the last decision that it knows.
    last_decision INTEGER NOT NULL,
    learned_at    INTEGER NOT NULL
) STRICT;

-- What words mean, for all stores of the profile.
CREATE TABLE words (
    word  TEXT NOT NULL,
    means TEXT NOT NULL,
    PRIMARY KEY (word, means)
) STRICT, WITHOUT ROWID;

-- Words that a store's own pairs taught, and that the manager knows better.
CREATE TABLE words_taken_back (
    store TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    word  TEXT NOT NULL,
    means TEXT NOT NULL,
    PRIMARY KEY (store, word, means)
) STRICT, WITHOUT ROWID;

ALTER TABLE proposals ADD COLUMN remarks TEXT CHECK (remarks IS NULL OR json_valid(remarks));

-- The score that the matching gave, which patterns go by: `score_bp` follows later decisions.
ALTER TABLE review ADD COLUMN matched_bp INTEGER;
UPDATE review SET matched_bp = score_bp;

CREATE INDEX listings_parent ON listings (connection, parent)
    WHERE parent IS NOT NULL AND gone_at IS NULL;
CREATE INDEX decisions_batch ON decisions (batch);
