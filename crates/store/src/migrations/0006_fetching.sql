-- Two sweeps a stream, one over changes and a slow one over everything; what stores paid back;
-- how connections stood over time.

CREATE TABLE streams (
    connection TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    stream     TEXT NOT NULL
        CHECK (stream IN ('listings', 'variants', 'stock', 'orders', 'refunds')),
    -- The highest number that was given to a sweep. Rows are marked with it when they are seen:
    -- seen after all sweeps up to this one had begun.
    last_sweep INTEGER NOT NULL,
    -- Everything that changed before this instant is stored.
    watermark  INTEGER,
    -- Nothing that changed last before this instant is stored; null where there is no such limit.
    reaches    INTEGER,
    -- When a sweep over everything last ended.
    full_at    INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (connection, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE sweeps (
    connection TEXT NOT NULL,
    stream     TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('changes', 'everything')),
    sweep      INTEGER NOT NULL,
    -- The number of the last one of its kind that came to its end.
    previous   INTEGER,
    state      TEXT NOT NULL CHECK (state IN ('running', 'drained', 'complete')),
    -- Whether all of it is to be read in one go.
    at_once    INTEGER NOT NULL CHECK (at_once IN (0, 1)),
    -- From when on it asks for changes; null for all that there is.
    since      INTEGER,
    cursor     TEXT,
    -- Records saved since it began, and all that the server says there are.
    done       INTEGER NOT NULL DEFAULT 0,
    total      INTEGER,
    -- Set when it had to begin again, because nobody knew its cursor any more.
    restarted  INTEGER NOT NULL DEFAULT 0 CHECK (restarted IN (0, 1)),
    -- By the server's clock, once its first page is there.
    started_at INTEGER NOT NULL,
    PRIMARY KEY (connection, stream, scope),
    FOREIGN KEY (connection, stream) REFERENCES streams (connection, stream) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO streams (connection, stream, last_sweep, watermark, reaches, full_at, updated_at)
SELECT connection, stream, sweep, watermark,
    CASE stream WHEN 'orders' THEN
        (SELECT min(modified_at) FROM orders WHERE orders.connection = cursors.connection) END,
    full_at, updated_at
FROM cursors;

INSERT INTO sweeps (connection, stream, scope, sweep, state, at_once, since, cursor, started_at)
SELECT connection, stream, iif(since IS NULL, 'everything', 'changes'), sweep, state,
    since IS NULL, since, cursor, started_at
FROM cursors;

DROP TABLE cursors;

CREATE TABLE fetch_problems_of_streams (
    id          INTEGER PRIMARY KEY,
    connection  TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    stream      TEXT NOT NULL
        CHECK (stream IN ('listings', 'variants', 'stock', 'orders', 'refunds')),
    -- Empty when not even the id could be read.
    external_id TEXT NOT NULL,
    reason      TEXT NOT NULL,
    raw         BLOB NOT NULL,
    sweep       INTEGER NOT NULL,
    noted_at    INTEGER NOT NULL
) STRICT;
INSERT INTO fetch_problems_of_streams SELECT * FROM fetch_problems;
DROP TABLE fetch_problems;
ALTER TABLE fetch_problems_of_streams RENAME TO fetch_problems;
CREATE UNIQUE INDEX fetch_problems_known ON fetch_problems (connection, stream, external_id)
    WHERE external_id <> '';
CREATE INDEX fetch_problems_newest ON fetch_problems (connection, noted_at DESC, id DESC);

CREATE TABLE refunds (
    id           INTEGER PRIMARY KEY,
    connection   TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    order_key    TEXT NOT NULL,
    amount       TEXT NOT NULL,
    currency     TEXT NOT NULL,
    refunded_at  INTEGER NOT NULL,
    record       TEXT NOT NULL CHECK (json_valid(record)),
    raw          BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    seen_sweep   INTEGER NOT NULL,
    gone_at      INTEGER,
    UNIQUE (connection, key)
) STRICT;
CREATE INDEX refunds_order ON refunds (connection, order_key, refunded_at) WHERE gone_at IS NULL;

-- One line for each change: the value of a fact from then on.
CREATE TABLE health (
    id         INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    code       TEXT NOT NULL,
    params     TEXT NOT NULL CHECK (json_valid(params))
) STRICT;
CREATE INDEX health_latest ON health (connection, code, id DESC);

-- Runs keep the lines of their logs themselves.
DROP TABLE log;
CREATE INDEX runs_ended ON runs (coalesce(ended_at, started_at));
