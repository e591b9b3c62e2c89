import type { Json, JsonObject } from '#shared/json';
import { CanvasNote, Position, Retry, Workflow, WorkflowEdge, WorkflowNode, WorkflowSettings } from '#shared/workflow/workflow';

/** Known keys in the order of the schema, then the unknown ones as they stood: a clean diff whoever wrote the file. */
function ordered(shape: Readonly<Record<string, unknown>>, value: Json, inner: Readonly<Record<string, (part: Json) => Json>> = {}): Json {
  if (!isObject(value)) return value;
  const known = Object.keys(shape).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
  // A key of the file may be `toString`: only own entries of the tables count.
  const part = (key: string): Json => (Object.hasOwn(inner, key) ? inner[key]?.(value[key] ?? null) : value[key]) ?? null;
  return Object.fromEntries([...known, ...others].map((key) => [key, part(key)]));
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const each =
  (one: (part: Json) => Json) =>
  (value: Json): Json =>
    Array.isArray(value) ? value.map(one) : value;

const position = (value: Json): Json => ordered(Position.shape, value);
const node = (value: Json): Json => ordered(WorkflowNode.shape, value, { position, retry: (retry) => ordered(Retry.shape, retry) });
const edge = (value: Json): Json => ordered(WorkflowEdge.shape, value);
const note = (value: Json): Json => ordered(CanvasNote.shape, value, { position, size: (size) => ordered({ width: 0, height: 0 }, size) });

/** The same workflow with every object's keys in the file's order. */
export const canonical = (workflow: Workflow): JsonObject =>
  ordered(Workflow.shape, withoutUndefined(workflow), { settings: (settings) => ordered(WorkflowSettings.shape, settings), nodes: each(node), edges: each(edge), notes: each(note) }) as JsonObject;

/** What JSON can hold of a value: keys that are undefined are not there. */
const withoutUndefined = (value: Workflow): Json => JSON.parse(JSON.stringify(value)) as Json;

/**
 * The text of a workflow's file: keys in a fixed order, two spaces, one trailing newline. The same workflow always gives the same
 * text, so its SHA-256 can stand for its revision.
 */
export const canonicalText = (workflow: Workflow): string => `${JSON.stringify(canonical(workflow), null, 2)}\n`;
