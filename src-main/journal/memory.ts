import { StudioError } from '#shared/errors';
import { EVENTS, runStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { replay } from '#shared/run/evolve';
import { isTerminal } from '#shared/run/run';
import { checkExpected, sift } from './append.ts';
import { checkEvent, dataProblem } from './check-event.ts';
import type { DayRow, Journal, LogLine, RunFilter, RunRow } from './journal.ts';
import { createListeners } from './listeners.ts';
import { cut, droppedLine, LOG_LINES } from './logs.ts';
import type { Dropped } from './logs.ts';
import { isRunStream } from './projections.ts';
import { noCounts, totalOf } from './run-list.ts';
import { count, dayChange } from './tally.ts';
import type { Tally } from './tally.ts';

const last = (events: readonly StudioEvent[]): number => events.at(-1)?.version ?? 0;

function matches(row: RunRow, filter: RunFilter, withStatus: boolean): boolean {
  const search = filter.search?.toLowerCase() ?? '';
  return (
    (!withStatus || filter.status === undefined || filter.status.includes(row.status)) &&
    (filter.workflowId === undefined || filter.workflowId === row.workflowId) &&
    (filter.trigger === undefined || filter.trigger === row.trigger) &&
    (row.workflowName.toLowerCase().includes(search) || row.id.toLowerCase().includes(search)) &&
    (filter.from === undefined || row.requestedAt >= filter.from) &&
    (filter.to === undefined || row.requestedAt <= filter.to)
  );
}

/** A journal that is gone when the process is: for tests and for runs nobody wants kept. Its views are counted anew at each question. */
export function createMemoryJournal(): Journal {
  const all: StudioEvent[] = [];
  const streams = new Map<string, StudioEvent[]>();
  const ids = new Map<string, StudioEvent>();
  const logs = new Map<string, { kept: LogLine[]; dropped: Dropped }>();
  const listeners = createListeners();
  let closed = false;

  const open = (): void => {
    if (closed) throw new StudioError('internal', 'The journal has been closed.');
  };
  const of = (stream: string): readonly StudioEvent[] => streams.get(stream) ?? [];
  const tallyOf = (stream: string): Tally | null => of(stream).reduce<Tally | null>(count, null);
  /** Newest first. */
  const rows = (): RunRow[] => {
    const tallies = [...streams.keys()].filter(isRunStream).flatMap((stream) => tallyOf(stream) ?? []);
    return tallies.toSorted((a, b) => b.position - a.position).map((tally) => tally.row);
  };

  return {
    append(stream, expected, events, options = {}) {
      open();
      for (const event of events) checkEvent(stream, event);
      const found = last(of(stream));
      const { stored, fresh } = sift(stream, events, (id) => ids.get(id));
      if (fresh.length > 0) checkExpected(stream, expected, found);
      const written = fresh.map((event, index): StudioEvent => {
        const place = { position: all.length + 1 + index, stream, version: found + 1 + index, schema: EVENTS[event.type].schema };
        // A copy, as a file would give back: what the caller changes later is not history.
        return { ...structuredClone(event), ...place, correlation: options.correlation ?? null, causation: options.causation ?? null };
      });
      for (const event of written) {
        all.push(event);
        ids.set(event.id, event);
        stored.set(event.id, event);
      }
      if (written.length > 0) {
        streams.set(stream, [...of(stream), ...written]);
        listeners.tell(written);
      }
      return events.flatMap((event) => stored.get(event.id) ?? []);
    },
    together: (work) => listeners.hold(work),
    read(stream, afterVersion = 0, limit = -1) {
      const after = of(stream).filter((event) => event.version > afterVersion);
      return limit < 0 ? after : after.slice(0, limit);
    },
    readAll: (afterPosition, limit) => all.slice(afterPosition, afterPosition + limit),
    lastPosition: () => all.length,
    run: (id, at = Number.POSITIVE_INFINITY) => replay(of(runStream(id)).filter((event) => event.version <= at)),
    runs(filter, offset, limit) {
      const found = rows();
      const counts = noCounts();
      for (const row of found.filter((one) => matches(one, filter, false))) counts[row.status] += 1;
      return { rows: found.filter((one) => matches(one, filter, true)).slice(offset, offset + limit), total: totalOf(counts, filter.status), counts };
    },
    unfinished: () =>
      rows()
        .filter((row) => !isTerminal(row.status))
        .map((row) => row.id)
        .toReversed(),
    lastRuns(each) {
      const found: Record<string, RunRow[]> = {};
      for (const row of rows()) {
        const strip = (found[row.workflowId] ??= []);
        if (strip.length < each) strip.push(row);
      }
      return found;
    },
    timeline: (run) => tallyOf(runStream(run))?.attempts ?? [],
    days(from) {
      const days = new Map<string, DayRow>();
      for (const stream of streams.keys()) {
        let tally: Tally | null = null;
        for (const event of isRunStream(stream) ? of(stream) : []) {
          const before = tally?.row.status ?? null;
          tally = count(tally, event);
          const change = tally === null || tally.row.status === before ? null : dayChange(before, tally);
          if (change === null || change.day < from) continue;
          const { day, workflowId } = change;
          const sum = days.get(`${day} ${workflowId}`) ?? { day, workflowId, completed: 0, failed: 0, cancelled: 0, durationMs: 0, rowsOut: 0 };
          days.set(`${day} ${workflowId}`, {
            ...sum,
            completed: sum.completed + change.completed,
            failed: sum.failed + change.failed,
            cancelled: sum.cancelled + change.cancelled,
            durationMs: sum.durationMs + change.durationUs / 1000,
            rowsOut: sum.rowsOut + change.rowsOut,
          });
        }
      }
      return [...days.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
    },
    log(run, lines) {
      open();
      const log = logs.get(run) ?? { kept: [], dropped: { lines: 0, at: 0, version: 0 } };
      logs.set(run, log);
      for (const line of lines) {
        if (log.kept.length < LOG_LINES) log.kept.push(cut(line));
        else log.dropped = { lines: log.dropped.lines + 1, at: line.at, version: line.version };
      }
    },
    logs(run) {
      const log = logs.get(run);
      if (log === undefined) return [];
      return log.dropped.lines === 0 ? [...log.kept] : [...log.kept, droppedLine(log.dropped)];
    },
    subscribe: listeners.add,
    rebuild: () => ({ events: all.length }),
    verify() {
      const problems = all.flatMap((event) => {
        const problem = dataProblem(event.type, event.data);
        return problem === null ? [] : [`${event.stream}: event ${event.version} (${event.type}): ${problem}`];
      });
      return { events: all.length, streams: streams.size, snapshots: 0, problems };
    },
    stats: () => ({ events: all.length, streams: streams.size, runs: rows().length, snapshots: 0, bytes: 0 }),
    close() {
      closed = true;
    },
  };
}
