-- Orders are searched as the catalogues are: case, accents and the spellings of Arabic that people
-- do not tell apart are folded, in the index as in what is typed.
INSERT INTO orders_fts (orders_fts) VALUES ('delete-all');

INSERT INTO orders_fts (rowid, who, what)
SELECT o.id,
    folded(concat_ws(char(10), o.number, o.customer_name, o.customer_email,
        json_extract(o.record, '$.customer.phone'))),
    folded((SELECT group_concat(concat_ws(char(10), n.sku, n.name), char(10))
        FROM order_lines n WHERE n.order_id = o.id))
FROM orders o;
