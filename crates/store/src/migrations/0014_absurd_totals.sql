-- A total past what the column can hold is kept as the most that it can: one absurd order used to
-- refuse the page that it came with.

DROP INDEX orders_newest;
DROP INDEX orders_state;
ALTER TABLE orders DROP COLUMN total_e4;

-- The total in ten-thousandths, exact for every currency: to compare with and to add up.
ALTER TABLE orders ADD COLUMN total_e4 INTEGER GENERATED ALWAYS AS (
    CAST(CAST(replace(total, '.', '') AS INTEGER) * CASE
        WHEN instr(total, '.') = 0 THEN 10000
        WHEN length(total) - instr(total, '.') = 1 THEN 1000
        WHEN length(total) - instr(total, '.') = 2 THEN 100
        WHEN length(total) - instr(total, '.') = 3 THEN 10
        ELSE 1 END AS INTEGER)) VIRTUAL;

CREATE INDEX orders_newest ON orders
    (connection, placed_at DESC, id DESC, state, status, total_e4, number, customer_name)
    WHERE gone_at IS NULL;
CREATE INDEX orders_state ON orders
    (connection, state, placed_at DESC, id DESC, reason, status, currency, total_e4,
     number, customer_name)
    WHERE gone_at IS NULL;
