import { StudioError } from '#shared/errors';
import { EVENTS } from '#shared/events';
import type { EventType } from '#shared/events';
import type { JsonObject } from '#shared/json';

/** Turns data of one schema number into data of the next. Pure; never edited after its release. */
export type Upcast = (data: JsonObject) => JsonObject;

/** Event type → the schema number the data has → the step to the next number. */
export type UpcastTable = { readonly [type: string]: { readonly [schema: number]: Upcast } | undefined };

/** The folder of a path, in either system's writing. */
const folderOf = (path: unknown): string | null => (typeof path === 'string' ? path.replace(/[\\/][^\\/]*$/u, '') || '/' : null);

/** Every step there has been. */
export const UPCASTS: UpcastTable = {
  WorkflowRequested: { 1: (data) => ({ ...data, folder: folderOf(data['file']), priority: 0, origin: null }) },
  WorkflowInterrupted: { 1: (data) => ({ ...data, workedMs: 0 }) },
  WorkflowResumed: { 1: (data) => ({ ...data, by: 'recovery', repeat: [] }) },
  NodeExecutionCompleted: { 1: (data) => ({ ...data, key: null }) },
};

export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENTS, type);

/**
 * Data as it was written → data as this program knows it. `current` is the schema number to reach. Throws unsupported where the
 * event is of a newer program, internal where a step is missing.
 */
export function upcast(type: string, schema: number, data: JsonObject, current: number, table: UpcastTable = UPCASTS): JsonObject {
  if (schema > current) {
    throw new StudioError('unsupported', `An event of type ${type} was written by a newer Millrace (schema ${schema}, this one knows ${current}).`, { remedy: 'Install the newer version.' });
  }
  let known = data;
  for (let step = schema; step < current; step += 1) {
    const next = table[type]?.[step];
    if (next === undefined) throw new StudioError('internal', `There is no step from schema ${step} of ${type} to ${step + 1}.`);
    known = next(known);
  }
  return known;
}
