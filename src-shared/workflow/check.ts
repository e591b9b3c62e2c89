import type { JsonObject } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import { readSchedules } from '#shared/schedule/read-schedules';
import { checkConfig } from '#shared/workflow/check-config';
import { checkConnections } from '#shared/workflow/check-connections';
import type { NamedConnection } from '#shared/workflow/check-connections';
import { checkGraph } from '#shared/workflow/check-graph';
import { checkRunning, isPinned } from '#shared/workflow/check-running';
import { withDefaults } from '#shared/workflow/defaults';
import { specTable } from '#shared/workflow/graph';
import type { SpecTable } from '#shared/workflow/graph';
import { nearest } from '#shared/workflow/nearest';
import { problem } from '#shared/workflow/problems';
import { readWorkflow } from '#shared/workflow/read';
import type { Reading } from '#shared/workflow/read';
import type { Problem, Workflow, WorkflowNode } from '#shared/workflow/workflow';

/** A node type's own check (`check` in src-main/nodes/define.ts): called with the defaults filled in, and only once the form has no error. */
export type OwnCheck = (node: WorkflowNode, config: JsonObject) => readonly { readonly field: string; readonly message: string; readonly remedy?: string }[];

/** `workflow` is null when its shape can't be read; with problems of severity error it can be shown but not run. */
export interface Checked {
  readonly workflow: Workflow | null;
  readonly problems: readonly Problem[];
}

/** More than anybody reads; a file of nonsense must not make a page of half a million lines. */
const MOST_PROBLEMS = 500;

/** Does it stop a run? What is wrong with a workflow's schedules stops only those: a person may run it all the same. */
export const stopsRuns = (one: Problem): boolean => one.severity === 'error' && !one.code.startsWith('schedule_');
/** Is there anything that stops a run? */
export const hasErrors = (problems: readonly Problem[]): boolean => problems.some(stopsRuns);

/**
 * Every problem of a value at once: its shape, the graph, each node's form, its schedules, and what the node types themselves check. Errors come
 * first. `connections`: those there are; null where that is not known, then nothing is said of them.
 */
export function check(value: unknown, specs: readonly NodeSpec[], own: OwnCheck = () => [], name = 'Workflow', connections: readonly NamedConnection[] | null = null): Checked {
  return checkReading(readWorkflow(value, specs, name), specs, own, connections);
}

/** The same for a value that was read already. */
export function checkReading(reading: Reading, specs: readonly NodeSpec[], own: OwnCheck = () => [], connections: readonly NamedConnection[] | null = null): Checked {
  const { workflow, rest } = reading;
  const unreadable = workflow === null && rest.nodes.length === 0 && rest.edges.length === 0;
  const table = specTable(specs);
  const broken = new Set(workflow === null ? reading.problems.flatMap((one) => [one.node ?? one.edge ?? '']) : []);
  const found = unreadable
    ? reading.problems
    : [...reading.problems, ...checkGraph({ ...rest, broken }, table), ...checkRunning(rest, table), ...rest.nodes.flatMap((node) => checkNode(node, table, own)), ...(connections === null ? [] : checkConnections(rest.nodes, table, connections)), ...readSchedules(workflow?.metadata['schedule']).problems];
  return { workflow, problems: sorted(found) };
}

const asWarning = (is: boolean) => (is ? { severity: 'warning' as const } : {});

function checkNode(node: WorkflowNode, table: SpecTable, own: OwnCheck): readonly Problem[] {
  const spec = table.get(nodeKey(node));
  if (spec === undefined) return [unknownType(node, table, { node: node.id, ...asWarning(node.disabled === true) })];
  // A disabled node does nothing, and a pinned one gives its rows: what is wrong with its form can wait.
  const idle = node.disabled === true || isPinned(node, spec);
  const at = { node: node.id, ...asWarning(idle) };
  const problems = checkConfig(spec, node.config, at);
  if (hasErrors(problems) || idle) return problems;
  const refused = own(node, withDefaults(spec, node.config));
  return [...problems, ...refused.map(({ field, message, remedy }) => problem('config_refused', { message, remedy: remedy ?? '' }, { ...at, field }))];
}

function unknownType(node: WorkflowNode, table: SpecTable, at: { readonly node: WorkflowNode['id'] }): Problem {
  const sameName = [...table.values()].find((spec) => spec.nodeType === node.nodeType);
  const near = sameName ?? table.get((nearest(nodeKey(node), table.keys()) ?? '') as never) ?? nearestName(node.nodeType, table);
  const params = { type: node.type, nodeType: node.nodeType };
  const place = { ...at, field: 'nodeType' };
  return near === undefined ? problem('unknown_type', params, place) : problem('unknown_type_near', { ...params, near: nodeKey(near) }, place);
}

function nearestName(nodeType: string, table: SpecTable): NodeSpec | undefined {
  const name = nearest(nodeType, [...table.values()].map((spec) => spec.nodeType));
  return [...table.values()].find((spec) => spec.nodeType === name);
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  const all = [...problems.filter((one) => one.severity === 'error'), ...problems.filter((one) => one.severity === 'warning')];
  return all.length <= MOST_PROBLEMS ? all : [...all.slice(0, MOST_PROBLEMS), problem('more', { count: String(all.length - MOST_PROBLEMS) })];
}
