-- What belongs together: links in force, what the matching said, and what the manager decided.

CREATE TABLE links (
    store     TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    listing   TEXT NOT NULL,
    variant   INTEGER NOT NULL,
    method    TEXT NOT NULL,
    evidence  TEXT NOT NULL CHECK (json_valid(evidence)),
    linked_at INTEGER NOT NULL,
    made_by   TEXT NOT NULL CHECK (made_by IN ('auto', 'manager')),
    PRIMARY KEY (store, listing)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_variant ON links (store, variant);

-- One narrow row for each listing, so that filters and counts over a whole catalogue stay quick.
-- Derived from links, proposals and decisions, and always written with them.
CREATE TABLE review (
    listing_id INTEGER PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE,
    store      TEXT NOT NULL,
    present    INTEGER NOT NULL CHECK (present IN (0, 1)),
    state      TEXT NOT NULL CHECK (state IN ('open', 'linked', 'ignored')),
    verdict    TEXT NOT NULL,
    -- The variant that is shown beside the listing: the linked one, else the best candidate.
    variant    INTEGER,
    score_bp   INTEGER,
    evidence   INTEGER NOT NULL DEFAULT 0,
    guards     INTEGER NOT NULL DEFAULT 0,
    -- Its SKU or barcode is carried by several listings or variants; found after each sweep.
    shared     INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
    tab        TEXT NOT NULL GENERATED ALWAYS AS (CASE
        WHEN state = 'linked' THEN 'mapped'
        WHEN state = 'ignored' THEN 'unmatched'
        WHEN verdict = 'parent' THEN 'none'
        WHEN verdict IN ('likely', 'ambiguous', 'broken') THEN 'to_review'
        ELSE 'unmatched' END) VIRTUAL,
    bucket     INTEGER GENERATED ALWAYS AS (min(score_bp / 500, 19)) VIRTUAL
) STRICT;

-- Lists come out of the first two in their order, counts out of the third in groups; none of
-- them looks at the table.
CREATE INDEX review_list ON review
    (store, present, tab, score_bp DESC, listing_id, verdict, evidence, guards, variant);
CREATE INDEX review_shared ON review (store, score_bp DESC, listing_id)
    WHERE shared = 1 AND state = 'open' AND present = 1;
CREATE INDEX review_groups ON review
    (store, present, tab, state, shared, verdict, evidence, guards, bucket, score_bp, variant);

-- What the matching said at length, apart from the narrow row.
CREATE TABLE proposals (
    listing_id INTEGER PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE,
    reasons    TEXT NOT NULL CHECK (json_valid(reasons)),
    candidates TEXT NOT NULL CHECK (json_valid(candidates))
) STRICT;

INSERT INTO review (listing_id, store, present, state, verdict)
SELECT id, connection, gone_at IS NULL, 'open', iif(kind = 'parent', 'parent', 'none')
FROM listings;

CREATE TRIGGER review_insert AFTER INSERT ON listings BEGIN
    INSERT INTO review (listing_id, store, present, state, verdict)
    VALUES (new.id, new.connection, 1, 'open', iif(new.kind = 'parent', 'parent', 'none'));
END;
CREATE TRIGGER review_present AFTER UPDATE OF gone_at ON listings
WHEN (old.gone_at IS NULL) <> (new.gone_at IS NULL) BEGIN
    UPDATE review SET present = new.gone_at IS NULL WHERE listing_id = new.id;
END;

-- Append-only: undoing sets `undone_at`, nothing is ever deleted but with its store.
CREATE TABLE decisions (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The first number of those that were decided, and are undone, together.
    batch      INTEGER NOT NULL,
    store      TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    listing    TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'ignore')),
    variant    INTEGER,
    decided_at INTEGER NOT NULL,
    undone_at  INTEGER,
    -- How the listing stood before, to go back to exactly that.
    before     TEXT NOT NULL CHECK (json_valid(before))
) STRICT;

CREATE INDEX decisions_in_force ON decisions (store, listing, seq) WHERE undone_at IS NULL;
CREATE INDEX decisions_latest ON decisions (store, seq) WHERE undone_at IS NULL;
