import type { OccurrenceRow } from '#shared/contract/schedules';
import { StudioError } from '#shared/errors';
import { EVENTS, JOURNAL_STREAM, runStream, scheduleStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { replay } from '#shared/run/evolve';
import { isTerminal } from '#shared/run/run';
import { checkExpected, sift } from './append.ts';
import { GENESIS, linkOf, linkText } from './chain.ts';
import { checkEvent, dataProblem } from './check-event.ts';
import type { DayRow, Journal, KeptFile, LogLine, OccurrenceFilter, RunFilter, RunRow } from './journal.ts';
import { createListeners } from './listeners.ts';
import { cut, droppedLine, LOG_LINES } from './logs.ts';
import type { Dropped } from './logs.ts';
import { isRunStream } from './projections.ts';
import { noCounts, totalOf } from './run-list.ts';
import { bookOf, isScheduleStream, record, rowsOf } from './schedule-book.ts';
import type { Book } from './schedule-book.ts';
import { addDays, keptBy, tallyOf as tallyOfEvents } from './tally.ts';
import type { DayChange, Tally } from './tally.ts';
import { createUnit } from './unit.ts';

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

const isAsked = (row: OccurrenceRow, { scheduleId = row.scheduleId, outcomes, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: OccurrenceFilter): boolean =>
  row.scheduleId === scheduleId && (outcomes?.includes(row.outcome) ?? true) && row.lastNominalTime >= from && row.nominalTime <= to;
const newestFirst = (a: OccurrenceRow, b: OccurrenceRow): number => b.nominalTime - a.nominalTime || (a.scheduleId === b.scheduleId ? 0 : a.scheduleId < b.scheduleId ? 1 : -1);

/** A journal that is gone when the process is: for tests and for runs nobody wants kept. Its views are counted anew at each question. */
export function createMemoryJournal(): Journal {
  let all: StudioEvent[] = [];
  const streams = new Map<string, StudioEvent[]>();
  const ids = new Map<string, StudioEvent>();
  const logs = new Map<string, { kept: LogLine[]; dropped: Dropped }>();
  const listeners = createListeners();
  const unit = createUnit();
  /** Of streams that were asked for; made again from the events where a unit was taken back. */
  const books = new Map<string, Book>();
  /** How to take back what the unit that is going has written, in order. */
  let undo: (() => void)[] = [];
  let closed = false;
  let position = 0;
  let head = GENESIS;

  const open = (): void => {
    if (closed) throw new StudioError('internal', 'The journal has been closed.');
  };
  const of = (stream: string): readonly StudioEvent[] => streams.get(stream) ?? [];
  const tallyOf = (stream: string): Tally | null => tallyOfEvents(of(stream));
  /** Newest first. */
  const rows = (): RunRow[] => {
    const tallies = [...streams.keys()].filter(isRunStream).flatMap((stream) => tallyOf(stream) ?? []);
    return tallies.toSorted((a, b) => b.position - a.position).map((tally) => tally.row);
  };

  const book = (stream: string): Book => {
    const known = books.get(stream) ?? bookOf(of(stream));
    books.set(stream, known);
    return known;
  };
  const allBooks = (): Book[] => [...streams.keys()].filter(isScheduleStream).map(book);
  /** Throws, with nothing changed, what the events of a schedule can't be. */
  const keepBook = (stream: string, written: readonly StudioEvent[]): void => {
    const own = book(stream);
    try {
      for (const event of written) record(own, event);
    } catch (thrown) {
      books.delete(stream);
      throw thrown;
    }
  };

  const write = (stream: string, written: readonly StudioEvent[]): void => {
    if (isScheduleStream(stream)) keepBook(stream, written);
    const before = { position, head, own: streams.get(stream), count: all.length };
    if (unit.going)
      undo.push(() => {
        ({ position, head } = before);
        all.length = before.count;
        for (const event of written) ids.delete(event.id);
        books.delete(stream);
        if (before.own === undefined) streams.delete(stream);
        else streams.set(stream, before.own);
      });
    all.push(...written);
    for (const event of written) ids.set(event.id, event);
    position += written.length;
    head = linkOf(head, written.map((event) => linkText({ ...event, data: JSON.stringify(event.data) })).join(''));
    streams.set(stream, [...of(stream), ...written]);
    listeners.tell(written);
  };

  const chained = (): { chained: number; head: string | null } => ({ chained: all.length, head: position === 0 ? null : head });

  const journal: Journal = {
    append: (stream, expected, events, options = {}) =>
      unit.part(() => {
        open();
        for (const event of events) checkEvent(stream, event);
        const found = last(of(stream));
        const { stored, fresh } = sift(stream, events, (id) => ids.get(id));
        if (fresh.length > 0) checkExpected(stream, expected, found);
        const written = fresh.map((event, index): StudioEvent => {
          const place = { position: position + 1 + index, stream, version: found + 1 + index, schema: EVENTS[event.type].schema };
          // A copy, as a file would give back: what the caller changes later is not history.
          return { ...structuredClone(event), ...place, correlation: options.correlation ?? null, causation: options.causation ?? null };
        });
        if (written.length > 0) write(stream, written);
        for (const event of written) stored.set(event.id, event);
        return events.flatMap((event) => stored.get(event.id) ?? []);
      }),
    together: (work) => listeners.hold(work),
    atomic(work) {
      open();
      if (unit.going) return unit.part(work);
      return listeners.hold(() => {
        undo = [];
        try {
          return unit.run(work);
        } catch (thrown) {
          for (const step of undo.toReversed()) step();
          throw thrown;
        }
      });
    },
    read(stream, afterVersion = 0, limit = -1) {
      const after = of(stream).filter((event) => event.version > afterVersion);
      return limit < 0 ? after : after.slice(0, limit);
    },
    readAll: (afterPosition, limit) => all.filter((event) => event.position > afterPosition).slice(0, limit),
    lastPosition: () => position,
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
    schedules() {
      const states = allBooks().flatMap(({ state }) => (state === null || state.deleted ? [] : [state]));
      return states.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
    schedule: (id) => (streams.has(scheduleStream(id)) ? book(scheduleStream(id)).state : null),
    occurrences(filter, offset, limit) {
      const asked = filter.scheduleId === undefined ? allBooks() : [book(scheduleStream(filter.scheduleId))];
      const kept = asked.flatMap(rowsOf).filter((row) => isAsked(row, filter)).toSorted(newestFirst);
      return { rows: kept.slice(offset, offset + limit), total: kept.length };
    },
    timeline: (run) => tallyOf(runStream(run))?.attempts ?? [],
    days(from) {
      const sums = new Map<string, DayChange>();
      for (const stream of streams.keys()) if (isRunStream(stream)) tallyOfEvents(of(stream), (change) => addDays(sums, change));
      for (const event of of(JOURNAL_STREAM)) if (event.type === 'RunsRemoved') event.data.days.forEach((change) => addDays(sums, change));
      const sorted = [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
      return sorted.filter(({ day }) => day >= from).map(({ durationUs, rowsOut, ...sum }): DayRow => ({ ...sum, durationMs: durationUs / 1000, rowsOut }));
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
    remove({ endedBefore, keep }, { limit, at, id }) {
      open();
      const ended = rows().filter((row) => isTerminal(row.status));
      const old = ended.filter((row, index) => (endedBefore !== null && (row.endedAt ?? 0) < endedBefore) || (keep !== null && index >= keep));
      const gone = old.toReversed().slice(0, limit).map((row) => row.id);
      if (gone.length === 0) return gone;
      const days = new Map<string, DayChange>();
      for (const run of gone) tallyOfEvents(of(runStream(run)), (change) => addDays(days, change));
      for (const run of gone) {
        for (const event of of(runStream(run))) ids.delete(event.id);
        streams.delete(runStream(run));
        logs.delete(run);
      }
      all = all.filter((event) => streams.has(event.stream));
      journal.append(JOURNAL_STREAM, 'any', [{ type: 'RunsRemoved', at, id, data: { runs: gone.length, days: [...days.values()] } }]);
      return gone;
    },
    shrink: () => false,
    keptOutputs() {
      const kept = new Map<string, KeptFile>();
      for (const row of rows()) {
        for (const { hash, bytes } of of(runStream(row.id)).flatMap(keptBy)) {
          const known = kept.get(hash) ?? { hash, bytes, endedAt: 0 };
          const endedAt = known.endedAt === null || !isTerminal(row.status) ? null : Math.max(known.endedAt, row.endedAt ?? 0);
          kept.set(hash, { hash, bytes: Math.max(bytes, known.bytes), endedAt });
        }
      }
      return [...kept.values()].toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
    },
    rebuild: () => ({ events: all.length }),
    verify() {
      const problems = all.flatMap((event) => {
        const problem = dataProblem(event.type, event.data);
        return problem === null ? [] : [`${event.stream}: event ${event.version} (${event.type}): ${problem}`];
      });
      return { events: all.length, streams: streams.size, snapshots: 0, ...chained(), problems };
    },
    stats: () => ({ events: all.length, streams: streams.size, runs: rows().length, snapshots: 0, bytes: 0, ...chained() }),
    close() {
      closed = true;
    },
  };
  return journal;
}
