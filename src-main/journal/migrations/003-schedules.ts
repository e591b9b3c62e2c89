/**
 * The third schema: what is made from the events of schedules. `schedules.state` is the fold of a schedule's stream, with a hash, in a
 * rowid table because it is too long for an index's page; `position` is that of its first event. An occurrence is in `occurrences` once
 * it was fired, skipped or buffered: its key is what makes one start out of two. `missed` holds ranges, by the position of their event.
 */
export const schedules = `
CREATE TABLE schedules (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  schema INTEGER NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL
);

CREATE TABLE occurrences (
  schedule_id TEXT NOT NULL,
  nominal_time INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  at INTEGER NOT NULL,
  run_id TEXT,
  how TEXT,
  reason TEXT,
  detail TEXT,
  PRIMARY KEY (schedule_id, nominal_time)
) WITHOUT ROWID;
CREATE INDEX occurrences_by_time ON occurrences (nominal_time, schedule_id);
CREATE INDEX occurrences_without_run ON occurrences (nominal_time, schedule_id) WHERE outcome <> 'fired';

CREATE TABLE missed (
  position INTEGER PRIMARY KEY,
  schedule_id TEXT NOT NULL,
  nominal_time INTEGER NOT NULL,
  last_nominal_time INTEGER NOT NULL,
  count INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX missed_by_time ON missed (nominal_time, schedule_id);
CREATE INDEX missed_by_schedule ON missed (schedule_id, last_nominal_time);
`;
