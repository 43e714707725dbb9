-- Orders in Odoo: how far each is, what Odoo said of it, and every step that was taken.

CREATE TABLE imports (
    store      TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    order_key  TEXT NOT NULL,
    reference  TEXT NOT NULL,
    stage      TEXT NOT NULL,
    sale       INTEGER,
    sale_name  TEXT,
    -- Odoo's total minus the store's, as last read back.
    difference TEXT,
    -- The order as it was when it went in: what later changes are held against.
    record     TEXT CHECK (record IS NULL OR json_valid(record)),
    -- When the store said that the order changed last, right after our mark was set: our echo.
    stamped_at INTEGER,
    error      TEXT CHECK (error IS NULL OR json_valid(error)),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (store, order_key)
) STRICT, WITHOUT ROWID;

-- What Odoo said of orders that are not in: customers, orders of the same number.
CREATE TABLE order_known (
    store     TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    order_key TEXT NOT NULL,
    known     TEXT NOT NULL CHECK (json_valid(known)),
    read_at   INTEGER NOT NULL,
    PRIMARY KEY (store, order_key)
) STRICT, WITHOUT ROWID;

-- Only ever added to. An intent is in before the call that it announces goes out.
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    store     TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    order_key TEXT NOT NULL,
    run       INTEGER,
    at        INTEGER NOT NULL,
    step      TEXT NOT NULL,
    phase     TEXT NOT NULL,
    -- What the step makes, where it makes something.
    reference TEXT,
    -- SHA-256 of what was sent.
    payload   TEXT,
    detail    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX journal_order ON journal (store, order_key, id);
