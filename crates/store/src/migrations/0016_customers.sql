-- Customers, the way back: what a store wants told, and what both sides last agreed on.

CREATE TABLE customer_ways (
    store   TEXT PRIMARY KEY REFERENCES connections (slug) ON DELETE CASCADE,
    address INTEGER NOT NULL,
    mark    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customers_agreed (
    store     TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    customer  TEXT NOT NULL,
    -- The order by which the customer was known then: a newer one is a newer agreement.
    order_key TEXT NOT NULL,
    billing   TEXT NOT NULL CHECK (json_valid(billing)),
    shipping  TEXT NOT NULL CHECK (json_valid(shipping)),
    agreed_at INTEGER NOT NULL,
    PRIMARY KEY (store, customer)
) STRICT, WITHOUT ROWID;
