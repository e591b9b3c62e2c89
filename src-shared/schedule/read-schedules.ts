import type { Json, JsonObject } from '#shared/json';
import { readCron } from '#shared/schedule/cron-expression';
import { KINDS, isInstant, isPolicyKey, isSpan, isTimesKey, keyNamed, keysOf, kindNamed } from '#shared/schedule/file-keys';
import { readInstant } from '#shared/schedule/instant';
import { missing, refused } from '#shared/schedule/problems';
import { ScheduleDefinition } from '#shared/schedule/schedule';
import type { ScheduleKind } from '#shared/schedule/schedule';
import { readFlag, readNumber, readSpan } from '#shared/schedule/tolerant';
import { isTimeZone } from '#shared/schedule/zone';
import { called } from '#shared/workflow/check-config';
import { nearest } from '#shared/workflow/nearest';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';

/** What a workflow's file says of schedules. With a problem of severity error all of it is refused: `schedules` is empty then. */
export interface ReadSchedules {
  readonly schedules: readonly ScheduleDefinition[];
  readonly problems: readonly Problem[];
}

/** Where a schedule stands in its workflow's file: what the `field` of its problems starts with. */
export const PLACE = 'metadata.schedule';

/** Reads `metadata.schedule` of a workflow: the seed's shape, ours, or a list of them; undefined is none. */
export function readSchedules(value: Json | undefined): ReadSchedules {
  const list = Array.isArray(value) ? (value as readonly Json[]) : null;
  const read = list === null ? [readOne(value ?? null, PLACE)] : list.map((item, index) => readOne(item, `${PLACE}[${index}]`));
  const problems = read.flatMap((one) => one.problems);
  const definitions = read.flatMap((one, index) => (one.definition === null ? [] : [{ definition: one.definition, field: list === null ? PLACE : `${PLACE}[${index}]`, index }]));
  const schedules = withKeys(definitions, problems);
  return { schedules: problems.some((one) => one.severity === 'error') ? [] : schedules, problems };
}

/** An item of a list without a key gets one that its edits don't change: none for the first, its number for the others. */
function withKeys(found: readonly { readonly definition: ScheduleDefinition; readonly field: string; readonly index: number }[], problems: Problem[]): readonly ScheduleDefinition[] {
  const taken = new Set<string>();
  for (const { definition, field } of found) {
    if (definition.key === '') continue;
    if (taken.has(definition.key)) problems.push(problem('schedule_key_twice', { key: definition.key }, { field: `${field}.key` }));
    taken.add(definition.key);
  }
  return found.map(({ definition, field, index }) => {
    if (definition.key !== '') return definition;
    let key = '';
    if (taken.has('')) {
      key = String(index + 1);
      while (taken.has(key)) key = `${key}_`;
      problems.push(problem('schedule_key_missing', { key }, { field: `${field}.key` }));
    }
    taken.add(key);
    return { ...definition, key };
  });
}

/** What stands under a key, under any of its names. */
interface Said {
  readonly name: string;
  readonly value: Json;
}
interface One {
  readonly definition: ScheduleDefinition | null;
  readonly problems: readonly Problem[];
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isLeftOut = (value: Json): boolean => value === null || (typeof value === 'string' && value.trim() === '');

function readOne(value: Json, place: string): One {
  if (value === null) return { definition: null, problems: [] };
  if (!isObject(value)) return { definition: null, problems: [problem('schedule_type', { field: place, expected: 'an object', found: called(value) }, { field: place })] };
  const { said, unread } = sort(value);
  const kind = kindOf(said, place);
  if (kind === null) return { definition: null, problems: [] };
  if (typeof kind !== 'string') return { definition: null, problems: [kind] };
  const keys = keysOf(kind);
  const problems: Problem[] = [];
  for (const name of unread) problems.push(unknown(name, kind, keys, place));
  for (const [key, one] of said) if (!keys.includes(key)) problems.push(problem('schedule_ignored', { field: one.name, kind }, { field: `${place}.${one.name}` }));
  const flat = Object.fromEntries([...said].filter(([key]) => keys.includes(key)).map(([key, one]) => [key, tolerated(key, one)]));
  Object.assign(flat, { kind });
  const zone = timed(flat, said, keys, place, problems);
  const parsed = ScheduleDefinition.safeParse({
    ...Object.fromEntries(Object.entries(flat).filter(([key]) => !isTimesKey(key) && !isPolicyKey(key))),
    times: Object.fromEntries(Object.entries({ ...flat, ...zone }).filter(([key]) => isTimesKey(key))),
    policy: Object.fromEntries(Object.entries(flat).filter(([key]) => isPolicyKey(key))),
  });
  if (!parsed.success) return { definition: null, problems: [...problems, ...firstOfEach(parsed.error.issues.map((issue) => refused(issue, (key) => said.get(key), place)))] };
  const { times } = parsed.data;
  if (times.kind === 'cron' && mayNeverCome(times.expression) && readCron(times.expression, times.days).next(SOME_TIME) === null) problems.push(problem('schedule_never', { found: times.expression }, { field: `${place}.expression` }));
  return { definition: parsed.data, problems };
}

/** One problem a place is enough. */
const firstOfEach = (problems: readonly Problem[]): readonly Problem[] => problems.filter((one, index) => problems.findIndex((other) => other.field === one.field) === index);

/** Only where days of the month are named there may be none: the 30th of February. */
const mayNeverCome = (expression: string): boolean => !/^@|^(?:\S+\s+){2,3}[*?]\s+\S+\s+\S+$/u.test(expression.trim());

/** Any will do: a date that does not come in the thousand years after it never does. */
const SOME_TIME = Date.UTC(2000, 0, 1);

/** The keys by the names they have here; a key's own name goes before its others. What is empty is left out. */
function sort(value: JsonObject): { readonly said: ReadonlyMap<string, Said>; readonly unread: readonly string[] } {
  const said = new Map<string, Said>();
  const unread: string[] = [];
  const entries = Object.entries(value).filter(([, one]) => !isLeftOut(one));
  for (const [name, one] of [...entries.filter(([key]) => keyNamed(key) === key), ...entries.filter(([key]) => keyNamed(key) !== key)]) {
    const span = readSpan(name, one);
    const key = keyNamed(name) ?? (span === null ? null : 'every');
    if (key === null || said.has(key)) unread.push(name);
    else said.set(key, { name, value: span ?? one });
  }
  return { said, unread };
}

/** The kind as it is said or as the rest tells it; null is no schedule at all. */
function kindOf(said: ReadonlyMap<string, Said>, place: string): ScheduleKind | Problem | null {
  const word = said.get('kind');
  if (word !== undefined) {
    const kind = typeof word.value === 'string' ? kindNamed(word.value) : null;
    return kind ?? problem('schedule_option', { field: word.name, found: typeof word.value === 'string' ? word.value : called(word.value), options: KINDS.join(', ') }, { field: `${place}.kind` });
  }
  if (said.has('expression')) return 'cron';
  if (said.has('path')) return 'watch';
  if (said.has('every')) return 'interval';
  if (said.has('at')) return 'once';
  const isSwitchedOff = said.size === 1 && readFlag(said.get('enabled')?.value ?? null) === false;
  return said.size === 0 || isSwitchedOff ? null : missing('kind', place);
}

function unknown(name: string, kind: ScheduleKind, keys: readonly string[], place: string): Problem {
  const near = keyNamed(name) ?? nearest(name, keys);
  const at = { field: `${place}.${name}` };
  return near === null ? problem('schedule_ignored', { field: name, kind }, at) : problem('schedule_ignored_near', { field: name, kind, near }, at);
}

/** Values of another type than ours, where there is only one way to read them. */
function tolerated(key: string, { value }: Said): Json {
  if (isSpan(key)) return readSpan(key, value) ?? value;
  if (key === 'enabled' || key === 'pauseOnFailure') return readFlag(value) ?? value;
  if (key.endsWith('Seconds') || key.endsWith('Ms') || key === 'misfireMax' || key === 'remainingRuns') return readNumber(value);
  if (key === 'events' && typeof value === 'string') return value.split(',').map((one) => one.trim());
  return (key === 'key' || key === 'label') && typeof value === 'number' ? String(value) : value;
}

/**
 * Reads the instants of a schedule on the clock of its zone, and answers the zone where it must have one. Where it names none, it is UTC
 * and never this computer's; that is told where it makes a difference.
 */
function timed(flat: Record<string, Json>, said: ReadonlyMap<string, Said>, keys: readonly string[], place: string, problems: Problem[]): { readonly timeZone?: Json } {
  const named = flat['timeZone'];
  const timeZone = typeof named === 'string' && isTimeZone(named) ? named : 'UTC';
  let matters = flat['kind'] === 'cron';
  if (flat['kind'] === 'once' && flat['at'] === undefined && flat['startAt'] === undefined) {
    const start = said.get('startAt');
    if (start !== undefined) flat['at'] = start.value;
  }
  for (const [key, value] of Object.entries(flat)) {
    if (!isInstant(key) || typeof value !== 'string') continue;
    const read = readInstant(value, timeZone);
    if (read === null) problems.push(problem('schedule_instant', { field: said.get(key)?.name ?? key, found: value.slice(0, 100) }, { field: `${place}.${key}` }));
    flat[key] = read?.at ?? 0;
    matters ||= read?.local === true;
  }
  if (named !== undefined || !keys.includes('timeZone')) return {};
  if (matters) problems.push(problem('schedule_zone_missing', {}, { field: `${place}.timeZone` }));
  return flat['kind'] === 'once' ? {} : { timeZone };
}
