-- Orders: the text as received, the record made from it, and what the last judgement said.

CREATE TABLE orders (
    id             INTEGER PRIMARY KEY,
    connection     TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    key            TEXT NOT NULL,
    number         TEXT NOT NULL,
    status         TEXT NOT NULL,
    placed_at      INTEGER NOT NULL,
    modified_at    INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    total          TEXT NOT NULL,
    customer_name  TEXT NOT NULL,
    customer_email TEXT,
    record         TEXT NOT NULL CHECK (json_valid(record)),
    content_hash   BLOB NOT NULL,
    -- Null until judged, and again whenever the order changed since.
    state          TEXT,
    blockers       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(blockers)),
    seen_sweep     INTEGER NOT NULL,
    gone_at        INTEGER,
    UNIQUE (connection, key)
) STRICT;

CREATE INDEX orders_newest ON orders (connection, placed_at DESC, id DESC) WHERE gone_at IS NULL;
CREATE INDEX orders_state ON orders (connection, state, status) WHERE gone_at IS NULL;

CREATE TABLE order_raw (
    id  INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    raw BLOB NOT NULL
) STRICT;

-- Which orders wait for a listing, and which hold a SKU.
CREATE TABLE order_lines (
    order_id   INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    connection TEXT NOT NULL,
    listing    TEXT,
    name       TEXT NOT NULL,
    sku        TEXT,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_lines_listing ON order_lines (connection, listing) WHERE listing IS NOT NULL;
