-- Who took a decision, who took it back, and by what road it came. Older ones do not say.
ALTER TABLE decisions ADD COLUMN decided_by TEXT;
ALTER TABLE decisions ADD COLUMN undone_by TEXT;
ALTER TABLE decisions ADD COLUMN origin TEXT CHECK (origin IN ('hand', 'bulk', 'file'));

-- The history of one listing, and that of a store step by step.
CREATE INDEX decisions_listing ON decisions (store, listing, seq);
CREATE INDEX decisions_steps ON decisions (store, batch);
