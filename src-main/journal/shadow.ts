import Sqlite from 'better-sqlite3';
import type { StudioEvent } from '#shared/events';
import type { EventTable } from './event-table.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { createProjections } from './projections.ts';
import { createRunList } from './run-list.ts';
import type { RunList } from './run-list.ts';
import { createScheduleList } from './schedule-list.ts';
import type { ScheduleList } from './schedule-list.ts';
import { isLoss } from './sqlite-errors.ts';
import { stepping } from './stepping.ts';

/** What is answered from tables. */
export interface Lists {
  readonly runs: RunList;
  readonly schedules: ScheduleList;
}

/**
 * The lists of runs and of schedules where their own pages are damaged: made from the events in memory, and brought up to them at each question. What can't be
 * read of the events is left out. Slow at first, and only until `journal rebuild` has repaired the file.
 */
export function createShadow(table: EventTable): () => Lists {
  let made: { readonly lists: Lists; readonly take: (event: StudioEvent) => void } | null = null;
  let known = 0;

  const make = (): NonNullable<typeof made> => {
    const db = new Sqlite(':memory:');
    for (const migration of MIGRATIONS) db.exec(migration);
    const projections = createProjections(db, table);
    const put = db.prepare(`INSERT OR REPLACE INTO events (position, stream, version, type, schema, at, id, data)
      SELECT coalesce((SELECT position FROM events WHERE stream = $stream), $position), $stream, $version, '', 0, 0, $stream, ''`);
    const take = (event: StudioEvent): void => {
      try {
        projections.apply(event.stream, [event]);
      } catch (thrown) {
        // Of this run something is lost that its row would have to say.
        if (!isLoss(thrown)) throw thrown;
      }
      // One row a stream, with its last version: what the lists ask of the events.
      put.run({ stream: event.stream, position: event.position, version: event.version });
    };
    return { lists: { runs: createRunList(db), schedules: createScheduleList(db, table) }, take };
  };

  return () => {
    made ??= make();
    const last = table.lastPosition();
    for (const step of stepping(last, (from, limit) => table.all(from - 1, limit), known + 1)) {
      if ('rows' in step) step.rows.forEach(made.take);
    }
    known = last;
    return made.lists;
  };
}
