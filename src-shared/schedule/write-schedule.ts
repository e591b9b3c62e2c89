import type { Json, JsonObject } from '#shared/json';
import { isInstant, keyNamed, keysOf } from '#shared/schedule/file-keys';
import { instantText } from '#shared/schedule/instant';
import { ScheduleDefinition } from '#shared/schedule/schedule';
import type { ScheduleTimes } from '#shared/schedule/schedule';
import { readSpan } from '#shared/schedule/tolerant';

/**
 * A schedule as a workflow's file says it: flat, keys in a fixed order, defaults left out. Reading it gives the same definition again.
 * `before`: what stood there, whose keys that mean nothing to us stay.
 */
export function scheduleJson(definition: ScheduleDefinition, before?: Json): JsonObject {
  const { times, policy, ...own } = definition;
  const all: Readonly<Record<string, Json | undefined>> = { ...own, ...times, ...policy };
  const standard = defaultsOf(times);
  const entries = keysOf(times.kind).flatMap((key): readonly (readonly [string, Json])[] => {
    const value = all[key];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(standard[key])) return [];
    return [[key, isInstant(key) && typeof value === 'number' ? instantText(value) : value]];
  });
  return { ...Object.fromEntries(entries), ...strangers(before) };
}

/** The same for all schedules of a workflow: undefined for none, an object for one that needs no key, else a list. */
export function schedulesJson(definitions: readonly ScheduleDefinition[], before?: Json): Json | undefined {
  const [first, ...others] = definitions;
  if (first === undefined) return undefined;
  const [was] = Array.isArray(before) ? (before as readonly Json[]) : [before];
  return others.length === 0 ? scheduleJson(first, was) : definitions.map((one) => scheduleJson(one));
}

/** What is left out of the file: what the schema fills in, given what can't be left out. A zone is always written. */
function defaultsOf(times: ScheduleTimes): Readonly<Record<string, unknown>> {
  const needed = Object.fromEntries(Object.entries(times).filter(([key]) => ['kind', 'at', 'every', 'expression', 'path', 'timeZone'].includes(key)));
  const { times: filled, policy, ...own } = ScheduleDefinition.parse({ times: needed });
  return { ...own, ...policy, ...Object.fromEntries(Object.entries(filled).filter(([key]) => !Object.hasOwn(needed, key))) };
}

function strangers(before: Json | undefined): JsonObject {
  if (typeof before !== 'object' || before === null || Array.isArray(before)) return {};
  return Object.fromEntries(Object.entries(before as JsonObject).filter(([name, value]) => keyNamed(name) === null && readSpan(name, value) === null));
}
