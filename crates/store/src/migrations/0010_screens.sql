-- What the lists of orders, runs and decisions are narrowed by, so that 100,000 orders answer at once.

-- When the order as it stands arrived here; null for those that arrived before this was noted.
ALTER TABLE orders ADD COLUMN saved_at INTEGER;

-- The total in ten-thousandths, exact for every currency: to compare with and to add up.
ALTER TABLE orders ADD COLUMN total_e4 INTEGER GENERATED ALWAYS AS (
    CAST(replace(total, '.', '') AS INTEGER) * CASE
        WHEN instr(total, '.') = 0 THEN 10000
        WHEN length(total) - instr(total, '.') = 1 THEN 1000
        WHEN length(total) - instr(total, '.') = 2 THEN 100
        WHEN length(total) - instr(total, '.') = 3 THEN 10
        ELSE 1 END) VIRTUAL;

-- What is to be cleared first.
ALTER TABLE orders ADD COLUMN reason TEXT
    GENERATED ALWAYS AS (json_extract(blockers, '$[0].kind')) VIRTUAL;

-- Lists come out of the first two in their order, numbers out of any of them; none of them looks
-- at the table, whose rows are long.
DROP INDEX orders_newest;
DROP INDEX orders_state;
CREATE INDEX orders_newest ON orders
    (connection, placed_at DESC, id DESC, state, status, total_e4, number, customer_name)
    WHERE gone_at IS NULL;
CREATE INDEX orders_state ON orders
    (connection, state, placed_at DESC, id DESC, reason, status, currency, total_e4,
     number, customer_name)
    WHERE gone_at IS NULL;

CREATE VIRTUAL TABLE orders_fts USING fts5 (
    who, what,
    content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);

INSERT INTO orders_fts (rowid, who, what)
SELECT o.id,
    concat_ws(char(10), o.number, o.customer_name, o.customer_email,
        json_extract(o.record, '$.customer.phone')),
    (SELECT group_concat(concat_ws(char(10), n.sku, n.name), char(10))
        FROM order_lines n WHERE n.order_id = o.id)
FROM orders o;

CREATE TRIGGER orders_fts_delete AFTER DELETE ON orders BEGIN
    DELETE FROM orders_fts WHERE rowid = old.id;
END;

CREATE INDEX decisions_when ON decisions (store, decided_at, action, undone_at);
