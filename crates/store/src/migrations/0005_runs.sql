-- What was done and when: runs, and the lines of their logs.

CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    -- Null for runs that are about the profile as a whole. A removed connection takes its runs.
    connection TEXT REFERENCES connections (slug) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    -- Null while it runs, and for ever if the process was killed.
    outcome    TEXT CHECK (outcome IN ('done', 'blocked', 'stopped', 'failed')),
    counts     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts))
) STRICT;

CREATE INDEX runs_connection ON runs (connection, id);

CREATE TABLE log (
    id      INTEGER PRIMARY KEY,
    run     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    level   TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    context TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(context))
) STRICT;

CREATE INDEX log_run ON log (run, id);
