import type { Json, JsonObject } from '#shared/json';
import { keyNamed, keysOf, kindNamed } from '#shared/schedule/file-keys';
import { instantText } from '#shared/schedule/instant';
import { readSchedules } from '#shared/schedule/read-schedules';
import type { ScheduleDefinition, ScheduleKind } from '#shared/schedule/schedule';
import { scheduleJson } from '#shared/schedule/write-schedule';
import type { Problem, Workflow } from '#shared/workflow/workflow';

/** A schedule as it stands in the document, whole or broken, its keys under the names they have here; keys that mean nothing are among them. */
export type Item = JsonObject;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys under the names they have here; of two that mean the same, the one under its own name. */
function renamed(raw: JsonObject): Item {
  const entries = Object.entries(raw);
  const own = entries.filter(([name]) => keyNamed(name) === null || keyNamed(name) === name);
  const others = entries.flatMap(([name, value]): [string, Json][] => {
    const key = keyNamed(name);
    return key === null || key === name || Object.hasOwn(raw, key) ? [] : [[key, value]];
  });
  const item = Object.fromEntries([...others, ...own]);
  const kind = typeof item['kind'] === 'string' ? kindNamed(item['kind']) : null;
  return kind === null ? item : { ...item, kind };
}

const definitionOf = (item: Json): ScheduleDefinition | null => readSchedules(item).schedules[0] ?? null;

/** The schedules of a workflow, in the order of its file. One that can be read is seen as it would be written. */
export function itemsOf(workflow: Workflow): readonly Item[] {
  const value = workflow.metadata['schedule'];
  const list: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : value === undefined || value === null ? [] : [value];
  return list.map((raw) => {
    const definition = definitionOf(raw);
    return definition === null ? (isObject(raw) ? renamed(raw) : {}) : scheduleJson(definition, raw);
  });
}

/** Puts schedules into the document: none takes the key out, one alone is an object, several are a list. Other metadata stays. */
export function withItems(workflow: Workflow, items: readonly Item[]): Workflow {
  const { schedule: _old, ...others } = workflow.metadata;
  const [first, ...more] = items;
  if (first === undefined) return { ...workflow, metadata: others };
  return { ...workflow, metadata: { ...others, schedule: more.length === 0 ? first : items } };
}

/** The key of each schedule as the scheduler knows it: a missing one follows from the place. */
export function keysOfItems(items: readonly Item[]): readonly string[] {
  const said = items.map(({ key }): Item => ({ kind: 'manual', ...(typeof key === 'string' ? { key } : {}) }));
  const read = readSchedules(said.length === 1 ? said[0] : said).schedules;
  return items.map((item, index) => read[index]?.key ?? (typeof item['key'] === 'string' ? item['key'] : ''));
}

/** So that a schedule stays the same one when those around it come and go. */
const pinned = (items: readonly Item[]): readonly Item[] => {
  const keys = keysOfItems(items);
  return items.map((item, index) => (keys[index] === '' || keys[index] === undefined ? item : tidied({ ...item, key: keys[index] })));
};

/** As it is written: in the fixed order and without defaults where it can be read, else as it stands. */
function tidied(item: Item): Item {
  const definition = definitionOf(item);
  return definition === null ? item : scheduleJson(definition, item);
}

/** Adds a schedule behind the others, with a key that none of them has. */
export function addItem(workflow: Workflow, item: Item): Workflow {
  const before = pinned(itemsOf(workflow));
  if (before.length === 0) return withItems(workflow, [tidied(item)]);
  const taken = new Set(keysOfItems(before));
  let number = before.length + 1;
  while (taken.has(String(number))) number++;
  return withItems(workflow, [...before, tidied({ ...item, ...(taken.has('') ? { key: String(number) } : {}) })]);
}

/** Takes a schedule away; the others stay what they are. */
export const removeItem = (workflow: Workflow, index: number): Workflow => withItems(workflow, pinned(itemsOf(workflow)).filter((_, other) => other !== index));

/** Changes keys of a schedule; undefined takes one out, so that its default holds. */
export function patchItem(workflow: Workflow, index: number, patch: Readonly<Record<string, Json | undefined>>): Workflow {
  return withItems(
    workflow,
    itemsOf(workflow).map((item, other) => (other === index ? tidied(Object.fromEntries(Object.entries({ ...item, ...patch }).filter((entry): entry is [string, Json] => entry[1] !== undefined))) : item)),
  );
}

/** What a schedule of a kind begins with, given what it was before: keys that the new kind has stay. `timeZone`: for one that had none. */
export function ofKind(item: Item, kind: ScheduleKind, timeZone: string, now: number): Item {
  const keys = keysOf(kind);
  const kept = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name) || keyNamed(name) === null));
  const begin: Readonly<Record<ScheduleKind, Item>> = {
    manual: {},
    once: { at: instantText(Math.ceil(now / HOUR) * HOUR + HOUR), timeZone },
    interval: { every: '1h', timeZone },
    delay: { every: '10m', timeZone },
    cron: { expression: '0 8 * * 1-5', timeZone },
    watch: { path: '', timeZone },
  };
  return { ...begin[kind], ...kept, kind };
}
const HOUR = 3_600_000;

/** Puts another schedule in the place of one. */
export const replaceItem = (workflow: Workflow, index: number, item: Item): Workflow => withItems(workflow, itemsOf(workflow).map((one, other) => (other === index ? tidied(item) : one)));

/** Where in which schedule of the document a problem is: `metadata.schedule[1].expression`. Null where it is not about schedules. */
export function placeOf(problem: Pick<Problem, 'field'>): { readonly index: number; readonly field: string | null } | null {
  const found = /^metadata\.schedule(?:\[(\d+)\])?(?:\.(.+))?$/u.exec(problem.field ?? '');
  return found === null ? null : { index: Number(found[1] ?? 0), field: found[2] ?? null };
}

/** The field of a schedule that has to be mended first; null where all of it can be read. */
export function firstMistake(workflow: Workflow, index: number): string | null {
  const places = readSchedules(workflow.metadata['schedule']).problems.filter((one) => one.severity === 'error').map(placeOf);
  return places.find((place) => place?.index === index)?.field ?? null;
}
