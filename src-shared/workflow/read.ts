import { z } from 'zod';
import type { NodeId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import { called } from '#shared/workflow/check-config';
import { migrate } from '#shared/workflow/migrate';
import { problem } from '#shared/workflow/problems';
import { Workflow, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';
import type { Problem } from '#shared/workflow/workflow';

/** What was made of a value. `workflow` is null when its shape is broken; `rest` is then what could be read all the same. */
export interface Reading {
  readonly workflow: Workflow | null;
  readonly problems: readonly Problem[];
  readonly rest: Pick<Workflow, 'nodes' | 'edges'>;
}

/** Deeper than any workflow; below what makes a recursive reader run out of stack. */
export const MOST_LEVELS = 200;
const NOTHING = { nodes: [], edges: [] };

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return true;
    const below: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const part of Object.values(one) as unknown[]) if (typeof part === 'object' && part !== null) below.push(part);
    }
    level = below;
  }
  return false;
}

/** The workflow inside `{"workflow": …}` or a list of one. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return unwrapped(value[0]);
  if (isObject(value) && value['nodes'] === undefined && isObject(value['workflow'])) return value['workflow'];
  return value;
}

/** From any value to a workflow of this version, the seed's shape included, and everything that is wrong with its shape. */
export function readWorkflow(value: unknown, specs: readonly NodeSpec[], name: string): Reading {
  if (isTooDeep(value)) return { workflow: null, problems: [problem('too_deep', { limit: String(MOST_LEVELS) })], rest: NOTHING };
  const file = unwrapped(value);
  if (!isObject(file)) return { workflow: null, problems: [problem('not_a_workflow', { found: called(file) })], rest: NOTHING };
  const { value: current, problems } = migrate(file, { specs, name });
  if (current === null) return { workflow: null, problems, rest: NOTHING };
  const nodes = readItems(NodeOfJson, current['nodes']);
  const edges = readItems(WorkflowEdge, current['edges']);
  const header = Workflow.safeParse({ ...current, ...(nodes === null ? {} : { nodes: [] }), ...(edges === null ? {} : { edges: [] }) });
  const rest = { nodes: nodes?.items ?? [], edges: edges?.items ?? [] };
  const issues = [
    ...(header.success ? [] : header.error.issues.map((issue) => ({ issue, path: issue.path }))),
    ...(nodes?.issues.map(({ issue, index }) => ({ issue, path: ['nodes', index, ...issue.path] })) ?? []),
    ...(edges?.issues.map(({ issue, index }) => ({ issue, path: ['edges', index, ...issue.path] })) ?? []),
  ];
  if (header.success && issues.length === 0) return { workflow: { ...header.data, ...rest }, problems, rest };
  return { workflow: null, problems: [...problems, ...issues.map(({ issue, path }) => shapeProblem(issue, path, current))], rest };
}

/** A node whose config and pin are taken as they are: they come from JSON, and fifty megabytes of rows need no second look. */
const NodeOfJson = WorkflowNode.extend({ config: z.record(z.string(), z.unknown()).default({}), pin: z.unknown().optional() }) as unknown as z.ZodType<WorkflowNode>;

interface Items<T> {
  /** Those that are right by themselves, so that their other problems can be told at the same time. */
  readonly items: T[];
  readonly issues: readonly { readonly issue: z.core.$ZodIssue; readonly index: number }[];
}

/** A file with more broken items than this is nonsense: the rest is not looked at. */
const MOST_ISSUES = 2000;

function readItems<T>(schema: z.ZodType<T>, list: Json | undefined): Items<T> | null {
  if (!Array.isArray(list)) return null;
  const items: T[] = [];
  const issues: { issue: z.core.$ZodIssue; index: number }[] = [];
  for (const [index, item] of (list as readonly Json[]).entries()) {
    const one = schema.safeParse(item);
    if (one.success) items.push(one.data);
    else issues.push(...one.error.issues.map((issue) => ({ issue, index })));
    if (issues.length > MOST_ISSUES) break;
  }
  return { items, issues };
}

const EXPECTED: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', record: 'an object' };

/** `nodes[3].position.x`; inside a node or an edge that has an id, the part from there on. */
function shapeProblem(issue: z.core.$ZodIssue, path: readonly PropertyKey[], file: JsonObject): Problem {
  const [list, index, ...inside] = path;
  const item: unknown = (list === 'nodes' || list === 'edges') && typeof index === 'number' ? (file[list] as readonly unknown[])[index] : undefined;
  const id = isObject(item) && typeof item['id'] === 'string' && item['id'] !== '' ? item['id'] : undefined;
  const field = pathText(id === undefined || inside.length === 0 ? path : inside) || 'the file';
  const place = id === undefined ? { field } : list === 'nodes' ? { node: id as NodeId, field } : { edge: id, field };
  const found = at(file, path);
  if (issue.code === 'invalid_type') {
    const expected = EXPECTED[issue.expected] ?? issue.expected;
    return found === undefined ? problem('shape_missing', { field, expected }, place) : problem('shape_type', { field, expected, found: called(found) }, place);
  }
  if (found === undefined) return problem('shape_missing', { field, expected: reason(issue) }, place);
  return problem('shape_value', { field, reason: `${called(found)}; it must be ${reason(issue)}` }, place);
}

function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'a text that is not empty' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return issue.origin === 'string' ? `at most ${issue.maximum} characters long` : `at most ${issue.maximum}`;
  return issue.code === 'invalid_union' ? 'a JSON value' : issue.message;
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce<unknown>((part, key) => (typeof part === 'object' && part !== null ? (part as Record<PropertyKey, unknown>)[key] : undefined), value);

const pathText = (path: readonly PropertyKey[]): string => path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
