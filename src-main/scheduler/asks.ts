import { dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import { scheduleStream } from '#shared/events';
import type { RunId, ScheduleId } from '#shared/ids';
import { occurrences } from '#shared/schedule/occurrences';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import type { Core, Fact } from './core.ts';
import type { Live } from './live.ts';
import { firesLeft } from './next.ts';
import { MOST_BUFFERED } from './overlap.ts';

export function known(core: Core, id: ScheduleId): Live {
  const live = core.lives.get(id);
  if (live === undefined) throw new StudioError('not_found', `There is no schedule "${id}".`, { place: id, remedy: 'Its workflow may have been deleted or its schedule taken out; look at the list again.' });
  return live;
}

/** The workflow of a schedule, now: an ordinary run. */
export async function runNow(core: Core, id: ScheduleId): Promise<RunId> {
  const { state } = known(core, id);
  const { workflow, path } = await (await core.options.library()).open(state.workflowId);
  return core.options.executor.start({ workflow, file: path, folder: dirname(path), trigger: { kind: 'manual' }, scope: { kind: 'all' } });
}

const PAGE = 2000;

/** Lets occurrences that were missed or skipped wait for their turn, and answers how many: those that have fired or wait already stay as they are, and so do those older than the catch-up window. */
export async function runMissed(core: Core, id: ScheduleId, from: number, to: number, latestOnly: boolean): Promise<number> {
  for (;;) {
    const live = known(core, id);
    const { state } = live;
    const missed = await missedOf(core, id, from, to);
    if (live.state !== state) continue;
    const waits = new Set(state.buffered.map((one) => one.nominalTime));
    const free = missed.filter((nominal) => !waits.has(nominal));
    const most = Math.min(latestOnly ? 1 : MOST_BUFFERED - state.buffered.length, firesLeft(state));
    const chosen = most <= 0 ? [] : free.slice(-most);
    core.write(state, chosen.map((nominalTime): Fact => ({ type: 'OccurrenceBuffered', data: { nominalTime, how: 'asked', cursor: state.cursor } })));
    return chosen.length;
  }
}

/** Nominal times in the range that came to nothing, ascending, the newest that can wait at all; by the definitions that were in force then. */
async function missedOf(core: Core, id: ScheduleId, from: number, to: number): Promise<readonly number[]> {
  const { journal, breathe } = core.options;
  const found = new Set<number>();
  const isIn = (at: number): boolean => at >= from && at <= to;
  let definition: ScheduleDefinition | null = null;
  for (let after = 0; ; ) {
    const events = journal.read(scheduleStream(id), after, PAGE);
    for (const event of events) {
      if (event.type === 'ScheduleCreated' || event.type === 'ScheduleEdited') definition = event.data.definition;
      else if (event.type === 'ScheduleFired') found.delete(event.data.nominalTime);
      else if (event.type === 'OccurrenceSkipped' && isIn(event.data.nominalTime)) found.add(event.data.nominalTime);
      else if (event.type === 'OccurrenceMissed' && event.data.reason !== 'outsideWindow') {
        const { nominalTime: first, lastNominalTime: last } = event.data;
        for (const at of await newestIn(definition, Math.max(first, from), Math.min(last, to), first === last, breathe)) found.add(at);
      }
    }
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) break;
    after = last.version;
    await breathe();
  }
  const fired = new Set(firedIn(core, id, from, to));
  return [...found].filter((at) => !fired.has(at)).toSorted((a, b) => a - b).slice(-2 * MOST_BUFFERED);
}

function firedIn(core: Core, id: ScheduleId, from: number, to: number): readonly number[] {
  const fired: number[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = core.options.journal.occurrences({ scheduleId: id, outcomes: ['fired'], from, to }, offset, PAGE);
    fired.push(...rows.map((row) => row.nominalTime));
    if (rows.length < PAGE) return fired;
  }
}

async function newestIn(definition: ScheduleDefinition | null, first: number, last: number, isOne: boolean, breathe: () => Promise<void>): Promise<readonly number[]> {
  if (first > last || definition === null) return [];
  const { times } = definition;
  if (isOne || !isTimed(times)) return [first];
  let newest: number[] = [];
  for (let after = first - 1; ; ) {
    const found = occurrences(times, after, last, PAGE).map((one) => one.at);
    newest = [...newest, ...found].slice(-2 * MOST_BUFFERED);
    const end = found.at(-1);
    if (end === undefined || found.length < PAGE) return newest;
    after = end;
    await breathe();
  }
}
