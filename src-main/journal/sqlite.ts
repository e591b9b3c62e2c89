import { dirname, join } from 'node:path';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { UPCASTS } from '#shared/run/upcast';
import type { UpcastTable } from '#shared/run/upcast';
import { createAppend } from './append.ts';
import { checkEvent } from './check-event.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { createEventTable } from './event-table.ts';
import type { Journal } from './journal.ts';
import { createListeners } from './listeners.ts';
import { createLogs } from './logs.ts';
import { createPayloads } from './payloads.ts';
import { createProjections, isRunStream } from './projections.ts';
import { createRetention } from './retention.ts';
import { endRepair, goOnRepairing, repair } from './repair.ts';
import { createRunList } from './run-list.ts';
import { createScheduleList } from './schedule-list.ts';
import { createSnapshots } from './snapshots.ts';
import { isDamage, isLoss, speaking, sqliteCode } from './sqlite-errors.ts';
import { createShadow } from './shadow.ts';
import type { Lists } from './shadow.ts';
import { shrink } from './shrink.ts';
import { stepping } from './stepping.ts';
import { createStats } from './stats.ts';
import { createUnit } from './unit.ts';
import { isWhole } from './verify-file.ts';
import { verify } from './verify.ts';

export interface JournalOptions {
  /** Of the database file. Large payloads go to `payloads/` beside it. */
  readonly path: string;
  /** For commands that only look, while another process may hold the journal: every write throws read_only. */
  readonly readOnly?: boolean;
  /** How long a statement waits for another process, in milliseconds; 5,000 unless given. */
  readonly busyMs?: number;
  /** For tests: steps that no release has had yet. */
  readonly upcasts?: UpcastTable;
}

/** Opens the journal in a file, making it where it is missing. Throws StudioError; see openDatabase. */
export function createJournal(options: JournalOptions): Journal {
  const { path, readOnly = false } = options;
  return speaking(path, () => {
    const db = openDatabase(path, readOnly, options.busyMs);
    const cutOff = !readOnly && goOnRepairing(db, path);
    const journal = journalOn(db, options, cutOff);
    if (cutOff) journal.rebuild();
    return journal;
  });
}

/** The journal on an open database; closing it closes the database. `cutOff`: a repair is to be ended by the next rebuild. Apart from createJournal for tests of a database that refuses. */
export function journalOn(db: Database, { path, readOnly = false, upcasts = UPCASTS }: JournalOptions, cutOff = false): Journal {
  const payloads = createPayloads(join(dirname(path), 'payloads'));
  const table = createEventTable(db, payloads, upcasts);
  const snapshots = createSnapshots(db, (stream, after, limit) => table.stream(stream, after, limit));
  const projections = createProjections(db, table);
  const own: Lists = { runs: createRunList(db), schedules: createScheduleList(db, table) };
  const logs = createLogs(db);
  const listeners = createListeners();
  const unit = createUnit();
  const stats = createStats(db, path);
  listeners.add((written) => stats.add(written[0]?.stream ?? '', written));

  const project = (stream: string, written: readonly StudioEvent[]): void => {
    projections.apply(stream, written);
    if (isRunStream(stream)) snapshots.apply(stream, written);
  };
  const forget = (stream: string): void => {
    projections.forget(stream);
    snapshots.forget(stream);
  };
  const { append, together, atomic, relaxed, forget: forgetStream } = createAppend(db, table, project, forget);
  const removal = createRetention(db, {
    readStream: (stream) => table.stream(stream, 0, -1),
    append: (stream, events) => void journal.append(stream, 'any', events),
    takeDays: (days) => projections.takeDays(days),
    forget(run) {
      forgetStream(runStream(run));
      logs.forget(run);
    },
  });

  const writable = (): void => {
    if (readOnly) throw new StudioError('read_only', 'The journal was opened to be read only.', { place: path, remedy: 'Do this in the studio that holds the data folder.' });
  };

  const shadow = createShadow(table);
  /** Asks the lists; where their pages are damaged, those made from the events. */
  const listed = <T>(ask: (lists: Lists) => T): T =>
    speaking(path, () => {
      try {
        return ask(own);
      } catch (thrown) {
        if (!isDamage(thrown)) throw thrown;
        return ask(shadow());
      }
    });

  /** A run that has lost an event has no snapshots, and the rest of it still counts. */
  const again = (event: StudioEvent): void => {
    try {
      project(event.stream, [event]);
    } catch (thrown) {
      if (!isLoss(thrown)) throw thrown;
    }
  };
  const remake = (): number => {
    projections.clear();
    snapshots.clear();
    let events = 0;
    for (const step of stepping(table.lastPosition(), (from, limit) => table.all(from - 1, limit))) {
      if (!('rows' in step)) continue;
      for (const event of step.rows) again(event);
      events += step.rows.length;
    }
    return events;
  };

  /** Makes anew what is made from the events; a damaged file is repaired as far as it can be. */
  const rebuild = (): number => {
    try {
      const damaged = !isWhole(db);
      if (damaged) repair(db, path);
      const events = db.transaction(remake).immediate();
      if (damaged || cutOff) endRepair(db, path);
      return events;
    } finally {
      table.forgetHead();
      stats.forget();
    }
  };

  let mended = false;
  let toMend = false;
  /**
   * An event is not refused because a page is damaged that could be made again: the file is repaired, once, and `work` done after all.
   * Where others share its commit it is refused, and the file repaired after that.
   */
  const mending = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      if (!isDamage(thrown) || mended) throw thrown;
      toMend = db.inTransaction;
      if (toMend) throw thrown;
      mended = true;
      rebuild();
      return work();
    }
  };
  const mendingAfter = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      if (toMend && !db.inTransaction) {
        toMend = false;
        mended = true;
        try {
          rebuild();
        } catch {
          // What was written is written: the next append says what is wrong.
        }
      }
    }
  };

  /** States that had to be folded again are not folded at every start: a stream may be long. Nobody waits for it, and nothing depends on it. */
  const restating = <T>(answer: T): T => {
    const states = own.schedules.folded();
    if (states.length === 0 || readOnly || db.inTransaction) return answer;
    try {
      relaxed(() => db.transaction(() => projections.restate(states)).immediate());
    } catch (thrown) {
      if (sqliteCode(thrown) === '') throw thrown;
    }
    return answer;
  };

  const journal: Journal = {
    append(stream, expected, events, more = {}) {
      if (events.length === 0) return [];
      writable();
      return unit.part(() => {
        for (const event of events) checkEvent(stream, event);
        const { result, written } = speaking(path, () => mending(() => append(stream, expected, events, more)));
        if (written.length > 0) listeners.tell(written);
        return result;
      });
    },
    together(work) {
      writable();
      return listeners.hold(() => speaking(path, () => mendingAfter(() => together(work))));
    },
    atomic(work) {
      writable();
      if (unit.going) return unit.part(work);
      return listeners.hold(() => speaking(path, () => mendingAfter(() => atomic(() => unit.run(work)))));
    },
    read: (stream, afterVersion = 0, limit = -1) => speaking(path, () => table.stream(stream, afterVersion, limit)),
    readAll: (afterPosition, limit) => speaking(path, () => table.all(afterPosition, limit)),
    lastPosition: () => speaking(path, () => table.lastPosition()),
    run: (id, at) => speaking(path, () => snapshots.state(runStream(id), at)),
    runs: (filter, offset, limit) => listed(({ runs: list }) => list.find(filter, offset, limit)),
    unfinished: () => listed(({ runs: list }) => list.unfinished()),
    lastRuns: (count) => listed(({ runs: list }) => list.last(count)),
    schedules: () => restating(listed(({ schedules: list }) => list.all())),
    schedule: (id) => listed(({ schedules: list }) => list.one(id)),
    occurrences: (filter, offset, limit) => listed(({ schedules: list }) => list.occurrences(filter, offset, limit)),
    timeline: (run) => speaking(path, () => projections.timeline(runStream(run))),
    days: (from) => listed(({ runs: list }) => list.days(from)),
    log(run, lines) {
      writable();
      speaking(path, () => mending(() => relaxed(() => logs.add(run, lines))));
    },
    logs: (run) => speaking(path, () => logs.of(run)),
    subscribe: listeners.add,
    remove(rule, batch) {
      writable();
      if (db.inTransaction) throw new StudioError('internal', 'Runs are not removed in the middle of a transaction.', { place: path });
      const { runs: gone, payloads: unnamed } = listeners.hold(() => speaking(path, () => together(() => removal(rule, batch))));
      stats.forget();
      // After the commit: what a crash leaves here belongs to nobody, and the next shrink() finds it.
      for (const stored of unnamed) payloads.remove(stored);
      return gone;
    },
    shrink(pages) {
      writable();
      return speaking(path, () => relaxed(() => shrink(db, payloads, pages)));
    },
    keptOutputs: () => listed(({ runs: list }) => list.keptOutputs()),
    rebuild() {
      writable();
      return { events: speaking(path, rebuild) };
    },
    verify: () => speaking(path, () => verify(db, path, table, snapshots)),
    stats: () => speaking(path, () => stats.now()),
    close: () => void db.close(),
  };
  return journal;
}
