/**
 * The second schema: the hash chain (`events.hash`, on the last event of each append; `chain.begins` is the last position that is older
 * than the chain), removed runs (`pruned`: ranges of positions that are gone, with the hash the chain goes on from), which runs refer to
 * which kept output, and what each console line belongs to. The partial index knows the few events whose data lies in a file of its own.
 */
export const chain = `
ALTER TABLE events ADD COLUMN hash BLOB;
CREATE INDEX events_by_payload ON events (data) WHERE substr(data, 1, 12) = '{"$payload":';

CREATE TABLE chain (begins INTEGER NOT NULL);
INSERT INTO chain SELECT coalesce(max(position), 0) FROM events;

CREATE TABLE pruned (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  hash BLOB
);

CREATE TABLE outputs (
  hash TEXT NOT NULL,
  run INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (hash, run)
) WITHOUT ROWID;

ALTER TABLE logs ADD COLUMN attempt INTEGER;
ALTER TABLE logs ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE logs_dropped ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
`;
