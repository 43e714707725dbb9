-- Connections, settings, and how far each fetch got. Instants are microseconds since 1970, UTC.

CREATE TABLE connections (
    slug         TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    url          TEXT NOT NULL,
    settings     TEXT NOT NULL CHECK (json_valid(settings)),
    -- No action on delete: an Odoo that a store is bound to cannot be removed.
    bound_odoo   TEXT REFERENCES connections (slug),
    facts        TEXT CHECK (facts IS NULL OR json_valid(facts)),
    check_result TEXT CHECK (check_result IS NULL OR json_valid(check_result)),
    checked_at   INTEGER,
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX connections_bound ON connections (bound_odoo) WHERE bound_odoo IS NOT NULL;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
    connection TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    stream     TEXT NOT NULL CHECK (stream IN ('listings', 'variants', 'stock', 'orders')),
    sweep      INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('running', 'drained', 'complete')),
    -- From when on the running (or last) sweep asks for changes; null for everything.
    since      INTEGER,
    cursor     TEXT,
    started_at INTEGER NOT NULL,
    -- Everything before this instant is stored: when the last complete sweep began.
    watermark  INTEGER,
    -- When the last sweep over everything ended.
    full_at    INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (connection, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetch_problems (
    id          INTEGER PRIMARY KEY,
    connection  TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    stream      TEXT NOT NULL CHECK (stream IN ('listings', 'variants', 'stock', 'orders')),
    -- Empty when not even the id could be read.
    external_id TEXT NOT NULL,
    reason      TEXT NOT NULL,
    raw         BLOB NOT NULL,
    sweep       INTEGER NOT NULL,
    noted_at    INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX fetch_problems_known ON fetch_problems (connection, stream, external_id)
    WHERE external_id <> '';
CREATE INDEX fetch_problems_connection ON fetch_problems (connection, stream);
