-- What a store's taxes, methods and statuses are in Odoo, and what Odoo has to choose from.

CREATE TABLE maps (
    store      TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL CHECK (json_valid(value)),
    -- What Odoo's side was when the row was settled; it is not in force once that moved.
    face       TEXT NOT NULL,
    settled_at INTEGER NOT NULL,
    PRIMARY KEY (store, kind, key)
) STRICT, WITHOUT ROWID;

-- Of the company that a store sells from, so by store and not by Odoo.
CREATE TABLE sale_terms (
    store   TEXT PRIMARY KEY REFERENCES connections (slug) ON DELETE CASCADE,
    terms   TEXT NOT NULL CHECK (json_valid(terms)),
    read_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
