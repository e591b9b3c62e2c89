/**
 * The first schema. `events` is the only table that holds facts; the rest is made from it and can be made again, except `logs`,
 * which are what nodes printed. `runs.position` is the position of the run's WorkflowRequested: newest first is its descending order,
 * and the events' own index finds it by id. Each page an append touches is paid for at its commit: hence few indices, and a timeline
 * in one row.
 */
export const events = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  schema INTEGER NOT NULL,
  at INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  correlation TEXT,
  causation TEXT,
  data TEXT NOT NULL,
  UNIQUE (stream, version)
);

CREATE TABLE snapshots (
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  schema INTEGER NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL,
  UNIQUE (stream, version)
);

CREATE TABLE runs (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  status TEXT NOT NULL,
  trigger TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  duration_ms REAL,
  rows_out INTEGER NOT NULL,
  error TEXT
);
CREATE INDEX runs_by_status ON runs (status);
CREATE INDEX runs_by_workflow ON runs (workflow_id);

CREATE TABLE timeline (
  run INTEGER PRIMARY KEY,
  attempts TEXT NOT NULL
);

CREATE TABLE days (
  day TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  rows_out INTEGER NOT NULL,
  PRIMARY KEY (day, workflow_id)
) WITHOUT ROWID;

CREATE TABLE logs (
  run TEXT NOT NULL,
  line INTEGER NOT NULL,
  node TEXT,
  at INTEGER NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (run, line)
);
CREATE TABLE logs_dropped (run TEXT PRIMARY KEY, lines INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`;
