import { createHash } from 'node:crypto';
import type { StudioEvent } from '#shared/events';
import { folding, replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import type { Database } from './database.ts';
import { isDamage } from './sqlite-errors.ts';

/**
 * A run's state is kept every so many events, and the newest so many of them. Of a workflow with more nodes than that they are farther
 * apart, by the square of how many times more: its state is that much longer to write, and its events come that much faster.
 */
const SNAPSHOT_EVERY = 100;
const KEPT = 2;
/** Goes up by one whenever `Run` or `evolve` changes: older snapshots are then passed over. */
export const SNAPSHOT_SCHEMA = 3;
/** States of this many runs stay in memory. */
const STATES = 64;

interface Row {
  readonly version: number;
  readonly schema: number;
  readonly hash: string;
  readonly state: string;
}

const hashOf = (stream: string, version: number, state: string): string => createHash('sha256').update(`${stream} ${version} ${SNAPSHOT_SCHEMA} `).update(state).digest('hex');

export interface Snapshots {
  /** Inside the transaction that wrote them. */
  apply(stream: string, written: readonly StudioEvent[]): void;
  /** The state after the event of version `at`, by default the last. */
  state(stream: string, at?: number): Run | null;
  forget(stream: string): void;
  clear(): void;
  /** What is wrong with a stream's snapshots, given its events. */
  problems(stream: string, events: readonly StudioEvent[]): readonly string[];
  /** A snapshot of another schema is not damaged, only of no use. */
  usable(stream: string): number;
}

/** Shortcuts for replaying. None is ever needed: what is missing, damaged or of another schema is passed over and the events replayed. */
export function createSnapshots(db: Database, read: (stream: string, afterVersion: number, limit: number) => readonly StudioEvent[]): Snapshots {
  const states = new Map<string, Run>();
  const ofStream = db.prepare<[string, number], Row>('SELECT version, schema, hash, state FROM snapshots WHERE stream = ? AND version <= ? ORDER BY version DESC');
  const insert = db.prepare('INSERT OR REPLACE INTO snapshots (stream, version, schema, hash, state) VALUES (?, ?, ?, ?, ?)');
  const prune = db.prepare('DELETE FROM snapshots WHERE stream = ? AND version <= ?');
  const ALL = Number.MAX_SAFE_INTEGER;

  const opened = (stream: string, row: Row): Run | null => {
    if (row.schema !== SNAPSHOT_SCHEMA || row.hash !== hashOf(stream, row.version, row.state)) return null;
    return JSON.parse(row.state) as Run;
  };

  const newest = (stream: string, at: number): Run | null => {
    try {
      for (const row of ofStream.all(stream, at)) {
        const run = opened(stream, row);
        if (run !== null) return run;
      }
    } catch {
      // A damaged page under the snapshots takes nothing away that the events do not give back.
    }
    return null;
  };

  /** The events of a stream too short to have a snapshot: then nobody need look for one. Null for a longer or a damaged one. */
  const short = (stream: string, at: number): readonly StudioEvent[] | null => {
    try {
      const events = read(stream, 0, Math.min(at, SNAPSHOT_EVERY));
      return events.length < SNAPSHOT_EVERY ? events : null;
    } catch {
      return null;
    }
  };

  const state = (stream: string, at = ALL): Run | null => {
    const kept = states.get(stream);
    const known = kept !== undefined && kept.version <= at ? kept : null;
    const whole = known === null ? short(stream, at) : null;
    const base = whole === null ? (known ?? newest(stream, at)) : null;
    const after = base?.version ?? 0;
    const run = replay(whole ?? read(stream, after, at === ALL ? -1 : at - after), base);
    if (run !== null && at === ALL) {
      if (!states.has(stream) && states.size >= STATES) states.delete(states.keys().next().value ?? stream);
      states.set(stream, run);
    }
    return run;
  };

  const intervals = new Map<string, number>();
  const intervalOf = (stream: string): number => {
    const known = intervals.get(stream);
    if (known !== undefined) return known;
    const [request] = read(stream, 0, 1);
    const nodes = request?.type === 'WorkflowRequested' ? request.data.workflow['nodes'] : undefined;
    if (intervals.size >= STATES) intervals.delete(intervals.keys().next().value ?? stream);
    const interval = SNAPSHOT_EVERY * Math.max(1, Math.ceil(((Array.isArray(nodes) ? nodes.length : 0) / SNAPSHOT_EVERY) ** 2));
    intervals.set(stream, interval);
    return interval;
  };

  const save = (stream: string, run: Run, pruned: number): void => {
    const text = JSON.stringify(run);
    try {
      insert.run(stream, run.version, SNAPSHOT_SCHEMA, hashOf(stream, run.version, text), text);
      prune.run(stream, pruned);
    } catch (thrown) {
      // An append does not fail for the sake of what is never needed.
      if (!isDamage(thrown)) throw thrown;
    }
  };

  return {
    state,
    apply(stream, written) {
      const last = written.at(-1);
      if (last === undefined) return;
      const first = last.version - written.length + 1;
      if (last.version - (last.version % SNAPSHOT_EVERY) < first) return;
      const every = intervalOf(stream);
      const boundary = last.version - (last.version % every);
      // A leap over several boundaries keeps what taking them one by one would have kept.
      for (let version = Math.max(boundary - every * (KEPT - 1), every); version <= boundary; version += every) {
        if (version < first) continue;
        const run = state(stream, version);
        if (run === null) continue;
        save(stream, run, version - every * KEPT);
        states.delete(stream);
        states.set(stream, run);
      }
    },
    forget(stream) {
      states.delete(stream);
      intervals.delete(stream);
    },
    clear() {
      states.clear();
      db.exec('DELETE FROM snapshots');
    },
    problems(stream, events) {
      const found: string[] = [];
      const rows = new Map(ofStream.all(stream, ALL).map((row) => [row.version, row]));
      if (rows.size === 0) return found;
      const folded = folding();
      for (const event of events) {
        folded.add(event);
        const row = rows.get(event.version);
        if (row === undefined || row.schema !== SNAPSHOT_SCHEMA) continue;
        if (row.hash !== hashOf(stream, row.version, row.state)) found.push(`${stream}: the snapshot at ${row.version} is damaged`);
        else if (row.state !== JSON.stringify(folded.run())) found.push(`${stream}: the snapshot at ${row.version} is not the fold of its events`);
      }
      return found;
    },
    usable: (stream) => ofStream.all(stream, ALL).filter((row) => opened(stream, row) !== null).length,
  };
}
