import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import { scheduleStream } from '#shared/events';
import type { EventData, MissedReason, NewEvent, ScheduleEventType } from '#shared/events';
import { ScheduleId } from '#shared/ids';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleState } from '#shared/schedule/state';
import type { Journal } from '../../journal/journal.ts';
import { allMissed, passedSince } from '../../scheduler/settle.ts';
import { seenAt } from '../../scheduler/watching.ts';
import { workflowFile } from './glance.ts';
import { writing } from './open-journal.ts';
import { DONE, print, printJson } from './output.ts';

type Fact = { readonly [T in ScheduleEventType]: { readonly type: T; readonly data: Omit<EventData<T>, 'scheduleId' | 'workflowId'> } }[ScheduleEventType];

interface Options {
  readonly ids: readonly string[];
  readonly json: boolean;
}

/**
 * Pauses schedules while no studio has the data folder. What passed before counts as missed, because nobody was running; what waited for
 * its turn is skipped.
 */
export function pause(dataDir: string, { ids, note, json }: Options & { readonly note: string }, now: number): Promise<number> {
  return change(dataDir, ids, json, 'paused', async (state) => {
    if (state.paused !== null) return [];
    const skipped = state.buffered.map(({ nominalTime }): Fact => ({ type: 'OccurrenceSkipped', data: { nominalTime, reason: 'paused', cursor: state.cursor } }));
    return [...(await missed(state, state.definition.enabled ? 'notRunning' : 'paused', now)), { type: 'SchedulePaused', data: { by: 'person', note } }, ...skipped];
  }, now);
}

/** Resumes them from now on: what passed meanwhile counts as missed, because they were paused. */
export function resume(dataDir: string, { ids, json }: Options, now: number): Promise<number> {
  return change(dataDir, ids, json, 'resumed', async (state, journal) => {
    if (state.paused === null) return [];
    const seen = await seenNow(dataDir, journal, state);
    return [...(await missed(state, 'paused', now)), { type: 'ScheduleResumed', data: { by: 'person', cursor: now, ...(seen === null ? {} : { seen }) } }];
  }, now);
}

async function missed(state: ScheduleState, reason: MissedReason, now: number): Promise<readonly Fact[]> {
  const { times } = state.definition;
  if (!isTimed(times)) return [];
  const range = allMissed(await passedSince(state, times, { now, observedAt: now, undue: true }, () => Promise.resolve()));
  return range === null ? [] : [{ type: 'OccurrenceMissed', data: { nominalTime: range.first, lastNominalTime: range.last, count: range.count, reason, cursor: range.last } }];
}

/** What a watch would find now: what changed during the pause starts nothing. */
async function seenNow(dataDir: string, journal: Journal, { definition: { times }, workflowId }: ScheduleState): Promise<string | null> {
  if (times.kind !== 'watch') return null;
  const file = workflowFile(dataDir, journal, workflowId);
  return file === null ? null : seenAt(resolve(dirname(file), times.path), times);
}

/** All of them or none. */
function change(dataDir: string, ids: readonly string[], json: boolean, word: string, factsOf: (state: ScheduleState, journal: Journal) => Promise<readonly Fact[]>, now: number): Promise<number> {
  return writing(dataDir, async (journal) => {
    const states = [...new Set(ids)].map((id) => known(journal, id));
    const facts = await Promise.all(states.map((state) => factsOf(state, journal)));
    journal.atomic(() => states.forEach((state, index) => write(journal, state, facts[index] ?? [], now)));
    const changed = states.filter((_state, index) => (facts[index] ?? []).length > 0).map((state) => state.id);
    if (json) printJson({ [word]: changed });
    else for (const { id } of states) print(`${id}: ${changed.includes(id) ? word : `was ${word === 'paused' ? 'paused already' : 'not paused'}`}\n`);
    return DONE;
  });
}

function write(journal: Journal, { id, workflowId, version }: ScheduleState, facts: readonly Fact[], now: number): void {
  if (facts.length > 0) journal.append(scheduleStream(id), version, facts.map((fact) => ({ type: fact.type, at: now, id: randomUUID(), data: { scheduleId: id, workflowId, ...fact.data } }) as NewEvent));
}

function known(journal: Journal, id: string): ScheduleState {
  const state = journal.schedule(ScheduleId.parse(id));
  if (state === null || state.deleted) throw new StudioError('not_found', `There is no schedule "${id}".`, { place: id, remedy: 'See `millrace schedule list`.' });
  return state;
}
