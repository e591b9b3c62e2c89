import { JOURNAL_STREAM, runStream } from '#shared/events';
import type { NewEvent, StudioEvent } from '#shared/events';
import type { RunId } from '#shared/ids';
import { isTerminal } from '#shared/run/run';
import type { Database } from './database.ts';
import type { RemovalBatch, RetentionRule } from './journal.ts';
import { isPayload } from './payloads.ts';
import { addDays, keptBy, tallyOf } from './tally.ts';
import type { DayChange } from './tally.ts';

/** A batch ends after so many events, however few runs they are of. */
const EVENTS = 10_000;

/** What goes in one transaction, and the payload files that nobody names any more once it is committed. */
export interface Removal {
  readonly runs: readonly RunId[];
  readonly payloads: readonly string[];
}

interface Doomed {
  readonly run: RunId;
  readonly position: number;
  readonly events: readonly StudioEvent[];
}

interface Access {
  readonly readStream: (stream: string) => readonly StudioEvent[];
  readonly append: (stream: string, events: readonly NewEvent[]) => void;
  /** Takes from the statistics what the runs had added: RunsRemoved has given it back already. */
  readonly takeDays: (days: readonly DayChange[]) => void;
  /** What is remembered of a run that is gone. */
  readonly forget: (run: RunId) => void;
}

const TERMINAL = `status IN ('completed', 'failed', 'cancelled')`;

/** Takes whole runs out of the journal; its chain goes on over the gap, because `pruned` says what the link before it was. */
export function createRetention(db: Database, { readStream, append, takeDays, forget }: Access): (rule: RetentionRule, batch: RemovalBatch) => Removal {
  const oldest = db.prepare<[number, number], { id: RunId; position: number }>(`SELECT id, position FROM runs WHERE ${TERMINAL} AND (ended_at < ? OR position < ?) ORDER BY position`);
  const newest = db.prepare<[number], number>(`SELECT position FROM runs WHERE ${TERMINAL} ORDER BY position DESC LIMIT 1 OFFSET ?`).pluck();
  const rowsOf = db.prepare<[string], { position: number; hash: Buffer | null; data: string }>('SELECT position, hash, data FROM events WHERE stream = ? ORDER BY position');
  const refersTo = db.prepare<[string], number>(`SELECT 1 FROM events WHERE substr(data, 1, 12) = '{"$payload":' AND data = ? LIMIT 1`).pluck();
  const deletions = ['events WHERE stream = ?', 'snapshots WHERE stream = ?'].map((rows) => db.prepare(`DELETE FROM ${rows}`));
  const byRun = ['logs WHERE run = ?', 'logs_dropped WHERE run = ?'].map((rows) => db.prepare(`DELETE FROM ${rows}`));
  const byPosition = ['runs WHERE position = ?', 'timeline WHERE run = ?'].map((rows) => db.prepare(`DELETE FROM ${rows}`));
  const dropOutput = db.prepare('DELETE FROM outputs WHERE hash = ? AND run = ?');
  const before = db.prepare<[number], { first: number; last: number }>('SELECT first, last FROM pruned WHERE first < ? ORDER BY first DESC LIMIT 1');
  const behind = db.prepare<[number], { last: number; hash: Buffer | null }>('SELECT last, hash FROM pruned WHERE first = ?');
  const dropRange = db.prepare('DELETE FROM pruned WHERE first = ?');
  const putRange = db.prepare('INSERT OR REPLACE INTO pruned (first, last, hash) VALUES (?, ?, ?)');

  /** Oldest first. A run is taken only if its own events say that it has ended; one that cannot be read stays. */
  const choose = (rule: RetentionRule, limit: number): Doomed[] => {
    const floor = rule.keep === null ? 0 : rule.keep === 0 ? Number.MAX_SAFE_INTEGER : (newest.get(rule.keep - 1) ?? 0);
    const chosen: Doomed[] = [];
    let events = 0;
    for (const { id: run, position } of oldest.iterate(rule.endedBefore ?? Number.MIN_SAFE_INTEGER, floor)) {
      if (chosen.length >= limit || events >= EVENTS) break;
      let own: readonly StudioEvent[];
      try {
        own = readStream(runStream(run));
      } catch {
        continue;
      }
      const tally = tallyOf(own);
      if (tally === null || tally.position !== position || !isTerminal(tally.row.status)) continue;
      chosen.push({ run, position, events: own });
      events += own.length;
    }
    return chosen;
  };

  /** Declares a range of positions as gone, as one with those beside it. */
  const prune = (first: number, last: number, hash: Buffer | null): void => {
    const left = before.get(first);
    const right = behind.get(last + 1);
    if (right !== undefined) dropRange.run(last + 1);
    putRange.run(left?.last === first - 1 ? left.first : first, right?.last ?? last, right === undefined ? hash : right.hash);
  };

  const take = ({ run, position, events }: Doomed): readonly string[] => {
    const stream = runStream(run);
    const rows = rowsOf.all(stream);
    let [start] = rows;
    rows.forEach((row, index) => {
      const following = rows[index + 1];
      if (start === undefined || following?.position === row.position + 1) return;
      prune(start.position, row.position, row.hash);
      start = following;
    });
    for (const deletion of deletions) deletion.run(stream);
    for (const deletion of byRun) deletion.run(run);
    for (const deletion of byPosition) deletion.run(position);
    for (const { hash } of events.flatMap(keptBy)) dropOutput.run(hash, position);
    forget(run);
    return rows.map((row) => row.data).filter(isPayload);
  };

  return (rule, { limit, at, id }) => {
    const doomed = choose(rule, limit);
    if (doomed.length === 0) return { runs: [], payloads: [] };
    const days = new Map<string, DayChange>();
    for (const { events } of doomed) tallyOf(events, (change) => addDays(days, change));
    const sums = [...days.values()].toSorted((a, b) => (a.day === b.day ? (a.workflowId < b.workflowId ? -1 : 1) : a.day < b.day ? -1 : 1));
    // Before anything is deleted: the newest position must never be free again.
    append(JOURNAL_STREAM, [{ type: 'RunsRemoved', at, id, data: { runs: doomed.length, days: sums } }]);
    takeDays(sums);
    const payloads = new Set(doomed.flatMap(take));
    return { runs: doomed.map(({ run }) => run), payloads: [...payloads].filter((stored) => refersTo.get(stored) === undefined) };
  };
}
