import { join } from 'node:path';
import type { StudioEvent } from '#shared/events';
import { occurrences } from '#shared/schedule/occurrences';
import { isTimed } from '#shared/schedule/schedule';
import { isTerminal } from '#shared/run/run';
import { createJournal } from '../../src-main/journal/sqlite.ts';
import type { FireFolder } from './fires-round.ts';

export interface FireVerdict {
  readonly fires: number;
  readonly firesOf: ReadonlyMap<string, number>;
  /** By how the occurrences came out: fired, skipped, missed. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How late each fire was that was in time, in ms after its nominal time, by schedule. */
  readonly bySchedule: ReadonlyMap<string, readonly number[]>;
  readonly problems: readonly string[];
}

const iso = (at: number): string => new Date(at).toISOString();

/** Looks at what the journal of a folder says in the end: one run a fire, one fire an occurrence, one outcome an occurrence, and no word of an event lost. */
export function judgeFires({ dataDir, ledger }: FireFolder): FireVerdict {
  const journal = createJournal({ path: join(dataDir, 'journal.sqlite'), readOnly: true });
  try {
    const events = journal.readAll(0, 10_000_000);
    const kept = new Map(events.map((event) => [event.position, event.id]));
    const lost = [...ledger.events].filter(([position, id]) => kept.get(position) !== id).map(([position, id]) => `Event ${position} was acknowledged as ${id} and is ${kept.get(position) ?? 'gone'}.`);
    const unended = journal.runs({}, 0, 1_000_000).rows.filter((row) => !isTerminal(row.status)).map((row) => `Run ${row.id} is ${row.status}.`);
    const ids = [...new Set(events.flatMap((event) => ('scheduleId' in event.data ? [event.data.scheduleId] : [])))];
    const outcomes: Record<string, number> = { fired: 0, skipped: 0, missed: 0 };
    const problems = [...lost, ...pairs(events), ...unended, ...ids.flatMap((id) => wrongOutcomes(id, events.filter((event) => 'scheduleId' in event.data && event.data.scheduleId === id), outcomes)), ...journal.verify().problems];
    const inTime = events.flatMap((event) => (event.type === 'ScheduleFired' && event.data.how === 'onTime' ? [{ id: event.data.scheduleId, ms: event.at - event.data.nominalTime }] : []));
    const bySchedule = new Map([...Map.groupBy(inTime, ({ id }) => id)].map(([id, all]) => [id, all.map(({ ms }) => ms)] as const));
    const fired = events.flatMap((event) => (event.type === 'ScheduleFired' ? [event.data.scheduleId] : []));
    const firesOf = new Map([...Map.groupBy(fired, (id) => id)].map(([id, those]) => [id as string, those.length] as const));
    return { fires: fired.length, firesOf, outcomes, bySchedule, problems };
  } finally {
    journal.close();
  }
}

/** Each fire has its run, each run of a schedule its fire, and no occurrence has two. */
function pairs(events: readonly StudioEvent[]): readonly string[] {
  const problems: string[] = [];
  const fires = new Map<string, string>();
  const seen = new Set<string>();
  for (const event of events) {
    if (event.type !== 'ScheduleFired') continue;
    const one = `${event.data.scheduleId} ${iso(event.data.nominalTime)}`;
    if (seen.has(one)) problems.push(`${one} has fired twice.`);
    seen.add(one);
    fires.set(event.data.runId, one);
  }
  const asked = new Set<string>();
  for (const event of events) {
    if (event.type !== 'WorkflowRequested' || event.data.trigger.kind !== 'schedule') continue;
    const one = `${event.data.trigger.scheduleId} ${event.data.trigger.nominalTime}`;
    if (asked.has(one)) problems.push(`${one} has two runs.`);
    asked.add(one);
    if (fires.get(event.data.runId) !== one) problems.push(`${one} has the run ${event.data.runId}, and its fire says ${fires.get(event.data.runId) ?? 'nothing'}.`);
  }
  for (const one of seen) if (!asked.has(one)) problems.push(`${one} has fired and has no run.`);
  return problems;
}

/** From its creation to its last cursor, each occurrence of a timed schedule came to one thing, and nothing that was none of its occurrences did. */
function wrongOutcomes(id: string, events: readonly StudioEvent[], outcomes: Record<string, number>): readonly string[] {
  const [created] = events;
  if (created?.type !== 'ScheduleCreated') return [`${id} begins with ${created?.type}.`];
  const { times } = created.data.definition;
  const found = new Map<number, string[]>();
  const waits = new Set<number>();
  const problems: string[] = [];
  const add = (nominal: number, what: string): void => void found.set(nominal, [...(found.get(nominal) ?? []), what]);
  let cursor = created.data.cursor;
  for (const event of events) {
    if ('cursor' in event.data) cursor = Math.max(cursor, event.data.cursor);
    if (event.type === 'ScheduleFired') {
      if (event.at < event.data.nominalTime) problems.push(`${id}: ${iso(event.data.nominalTime)} fired ${event.data.nominalTime - event.at} ms before its time.`);
      add(event.data.nominalTime, 'fired');
      waits.delete(event.data.nominalTime);
    } else if (event.type === 'OccurrenceSkipped') {
      add(event.data.nominalTime, 'skipped');
      waits.delete(event.data.nominalTime);
    } else if (event.type === 'OccurrenceBuffered') waits.add(event.data.nominalTime);
    else if (event.type === 'OccurrenceMissed') {
      const { nominalTime: from, lastNominalTime: to, count } = event.data;
      const range = isTimed(times) ? occurrences(times, from - 1, to, Number.POSITIVE_INFINITY).map(({ at }) => at) : [from];
      if (range.length !== count) problems.push(`${id}: ${count} were missed from ${iso(from)} to ${iso(to)}, and there are ${range.length}.`);
      for (const at of range) add(at, 'missed');
    }
  }
  for (const at of waits) problems.push(`${id}: ${iso(at)} waits still.`);
  for (const [at, all] of found) {
    if (all.length > 1) problems.push(`${id}: ${iso(at)} came to ${all.join(' and ')}.`);
    for (const one of all) outcomes[one] = (outcomes[one] ?? 0) + 1;
  }
  if (!isTimed(times)) return problems;
  const expected = occurrences(times, created.data.cursor, cursor, Number.POSITIVE_INFINITY).map(({ at }) => at);
  const wanted = new Set(expected);
  return [...problems, ...expected.filter((at) => !found.has(at)).map((at) => `${id}: nothing was ever said of ${iso(at)}.`), ...[...found.keys()].filter((at) => !wanted.has(at)).map((at) => `${id}: ${iso(at)} is none of its times.`)];
}
