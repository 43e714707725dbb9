-- Both catalogues: lean rows for lists and matching, a trigram index over what people search,
-- and the JSON as received, deflated, apart.

CREATE TABLE listings (
    id           INTEGER PRIMARY KEY,
    connection   TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    parent       TEXT,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    sku          TEXT,
    barcode      TEXT,
    attributes   TEXT NOT NULL CHECK (json_valid(attributes)),
    status       TEXT NOT NULL,
    price        TEXT,
    currency     TEXT,
    stock        TEXT NOT NULL CHECK (json_valid(stock)),
    image_url    TEXT,
    page_url     TEXT,
    modified_at  INTEGER,
    content_hash BLOB NOT NULL,
    seen_sweep   INTEGER NOT NULL,
    gone_at      INTEGER,
    UNIQUE (connection, key)
) STRICT;

-- Which keys several listings share; parents never count, they are not sold.
CREATE INDEX listings_sku ON listings (connection, sku)
    WHERE sku IS NOT NULL AND gone_at IS NULL AND kind <> 'parent';
CREATE INDEX listings_barcode ON listings (connection, barcode)
    WHERE barcode IS NOT NULL AND gone_at IS NULL AND kind <> 'parent';

CREATE TABLE listing_raw (
    id  INTEGER PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE,
    raw BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE listings_fts USING fts5 (
    name, sku, barcode,
    content = 'listings', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);

CREATE TRIGGER listings_fts_insert AFTER INSERT ON listings BEGIN
    INSERT INTO listings_fts (rowid, name, sku, barcode)
    VALUES (new.id, new.name, new.sku, new.barcode);
END;
CREATE TRIGGER listings_fts_delete AFTER DELETE ON listings BEGIN
    INSERT INTO listings_fts (listings_fts, rowid, name, sku, barcode)
    VALUES ('delete', old.id, old.name, old.sku, old.barcode);
END;
CREATE TRIGGER listings_fts_update AFTER UPDATE OF name, sku, barcode ON listings
WHEN old.name IS NOT new.name OR old.sku IS NOT new.sku OR old.barcode IS NOT new.barcode BEGIN
    INSERT INTO listings_fts (listings_fts, rowid, name, sku, barcode)
    VALUES ('delete', old.id, old.name, old.sku, old.barcode);
    INSERT INTO listings_fts (rowid, name, sku, barcode)
    VALUES (new.id, new.name, new.sku, new.barcode);
END;

CREATE TABLE variants (
    id           INTEGER PRIMARY KEY,
    connection   TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    key          INTEGER NOT NULL,
    template     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    sku          TEXT,
    barcode      TEXT,
    attributes   TEXT NOT NULL CHECK (json_valid(attributes)),
    active       INTEGER NOT NULL CHECK (active IN (0, 1)),
    sale_ok      INTEGER NOT NULL CHECK (sale_ok IN (0, 1)),
    price        TEXT,
    currency     TEXT,
    unit         TEXT,
    modified_at  INTEGER,
    content_hash BLOB NOT NULL,
    seen_sweep   INTEGER NOT NULL,
    gone_at      INTEGER,
    UNIQUE (connection, key)
) STRICT;

CREATE INDEX variants_sku ON variants (connection, sku)
    WHERE sku IS NOT NULL AND gone_at IS NULL AND active = 1;
CREATE INDEX variants_barcode ON variants (connection, barcode)
    WHERE barcode IS NOT NULL AND gone_at IS NULL AND active = 1;

CREATE TABLE variant_raw (
    id  INTEGER PRIMARY KEY REFERENCES variants (id) ON DELETE CASCADE,
    raw BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE variants_fts USING fts5 (
    name, sku, barcode,
    content = 'variants', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);

CREATE TRIGGER variants_fts_insert AFTER INSERT ON variants BEGIN
    INSERT INTO variants_fts (rowid, name, sku, barcode)
    VALUES (new.id, new.name, new.sku, new.barcode);
END;
CREATE TRIGGER variants_fts_delete AFTER DELETE ON variants BEGIN
    INSERT INTO variants_fts (variants_fts, rowid, name, sku, barcode)
    VALUES ('delete', old.id, old.name, old.sku, old.barcode);
END;
CREATE TRIGGER variants_fts_update AFTER UPDATE OF name, sku, barcode ON variants
WHEN old.name IS NOT new.name OR old.sku IS NOT new.sku OR old.barcode IS NOT new.barcode BEGIN
    INSERT INTO variants_fts (variants_fts, rowid, name, sku, barcode)
    VALUES ('delete', old.id, old.name, old.sku, old.barcode);
    INSERT INTO variants_fts (rowid, name, sku, barcode)
    VALUES (new.id, new.name, new.sku, new.barcode);
END;

-- What lies where in Odoo. A level that a full sweep no longer reports is deleted: no row, no stock.
CREATE TABLE stock_levels (
    connection TEXT NOT NULL REFERENCES connections (slug) ON DELETE CASCADE,
    variant    INTEGER NOT NULL,
    warehouse  INTEGER NOT NULL,
    on_hand    TEXT NOT NULL,
    reserved   TEXT NOT NULL,
    seen_sweep INTEGER NOT NULL,
    PRIMARY KEY (connection, variant, warehouse)
) STRICT, WITHOUT ROWID;
