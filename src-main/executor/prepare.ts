import { errorSentence, StudioError } from '#shared/errors';
import type { RunScope } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import { stopsRuns } from '#shared/workflow/check';
import { connectionsNeeded } from '#shared/workflow/check-connections';
import type { ConnectionReference } from '#shared/workflow/check-connections';
import { withDefaults } from '#shared/workflow/defaults';
import { specTable, UNKNOWN_OUTPUT, wired } from '#shared/workflow/graph';
import type { Problem, Workflow, WorkflowNode } from '#shared/workflow/workflow';
import type { Graph, NamedText } from '../dataplane/protocol.ts';
import type { NodePolicy, RunPlan } from '../engine/command.ts';
import { inPlay } from '../engine/in-play.ts';
import { plan } from '../engine/plan.ts';
import type { Fusing } from '../engine/plan.ts';
import type { Registry } from '../nodes/registry.ts';
import { clashes, textsOf } from './texts.ts';

/** All of a run that depends on nothing but the workflow, its folder and the scope. */
export interface Prepared {
  readonly revision: string;
  /** As the journal keeps it. */
  readonly json: JsonObject;
  readonly graph: Graph;
  readonly plan: RunPlan;
  /** What a worker has to look at before the first run: the SQL of the nodes in play. */
  readonly texts: readonly NamedText[];
  /** The connections that its nodes name. Whether they are there is asked at each start: they change without it. */
  readonly connections: readonly ConnectionReference[];
  readonly memoryLimitMb: number | undefined;
  readonly timeoutMs: number | undefined;
  /** What becomes of an interrupted run. */
  readonly recovery: 'resume' | 'ask' | 'fail';
  /** Runs of it at once; null is without a limit of its own. */
  readonly limit: number | null;
}

export interface Preparing {
  readonly registry: Registry;
  readonly specs: readonly NodeSpec[];
  /** Every problem of a workflow. */
  readonly check: (workflow: Workflow) => readonly Problem[];
  /** SHA-256 of the canonical text. */
  readonly revisionOf: (workflow: Workflow) => string;
}

/** A studio rarely has more workflows going at once; a run of one that fell out costs a check more. */
const KEPT = 64;

export type Prepare = (request: { readonly workflow: Workflow; readonly folder: string; readonly scope: RunScope }) => Prepared;

/** Checks and plans a workflow, once for each revision. Throws invalid_workflow with every problem's sentence as `detail`. */
export function createPrepare(parts: Preparing): Prepare {
  const kept = new Map<string, Prepared>();
  /** A workflow that is started again as the same object is not written out and hashed again: it is readonly data. */
  const revisions = new WeakMap<Workflow, string>();
  return ({ workflow, folder, scope }) => {
    const revision = revisions.get(workflow) ?? parts.revisionOf(workflow);
    revisions.set(workflow, revision);
    const key = JSON.stringify([revision, folder, scope]);
    const found = kept.get(key);
    if (found !== undefined) return found;
    refuseInvalid(parts.check(workflow), workflow.name);
    if (scope.kind !== 'all' && !workflow.nodes.some((node) => node.id === scope.node)) {
      throw new StudioError('invalid_input', `"${workflow.name}" has no node "${scope.node}" to run ${scope.kind}.`, { place: scope.node, remedy: 'Name a node of the workflow.' });
    }
    const prepared = make(parts, workflow, folder, scope, revision);
    kept.set(key, prepared);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return prepared;
  };
}

/** Problems as sentences, each with its place: "sum · field: The field is missing. Name a column." */
export const problemSentence = (problem: Problem): string => {
  const place = [problem.node ?? problem.edge, problem.field].filter(Boolean).join(' · ');
  return errorSentence({ code: 'invalid_workflow', message: problem.message, ...(place === '' ? {} : { place }), ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }) });
};

/** Throws invalid_workflow where a problem stops a run: the first as the sentence, all as its detail. */
export function refuseInvalid(problems: readonly Problem[], name: string): void {
  const errors = problems.filter(stopsRuns);
  const [first] = errors;
  if (first === undefined) return;
  const message = errors.length === 1 ? first.message : `"${name}" has ${errors.length} problems. The first: ${first.message}`;
  const place = [first.node ?? first.edge, first.field].filter(Boolean).join(' · ');
  throw new StudioError('invalid_workflow', message, {
    ...(place === '' ? {} : { place }),
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    detail: errors.map(problemSentence).join('\n'),
  });
}

function make(parts: Preparing, workflow: Workflow, folder: string, scope: RunScope, revision: string): Prepared {
  const graph = graphOf(parts, workflow, folder);
  const fusingOf = fusings(parts.registry, graph.nodes);
  const firstPorts = new Map(graph.nodes.map((node) => [node.id, parts.registry.get(nodeKey(node))?.spec.outputs[0]?.name ?? UNKNOWN_OUTPUT]));
  const left = inPlay(graph, fusingOf, scope);
  refuseInvalid(clashes(graph, parts.registry), workflow.name);
  const kept = new Set(left.nodes.map((node) => node.id));
  const { settings } = workflow;
  const played: Graph = { folder, nodes: graph.nodes.filter((node) => kept.has(node.id)), edges: left.edges };
  return {
    revision,
    json: workflow as unknown as JsonObject,
    graph: played,
    texts: textsOf(played, parts.registry),
    connections: connectionsNeeded(played.nodes, specTable(parts.specs)),
    plan: { ...plan(graph, fusingOf, scope, (id) => firstPorts.get(id) ?? UNKNOWN_OUTPUT), policies: Object.fromEntries(graph.nodes.map((node) => [node.id, policyOf(node)])) },
    memoryLimitMb: settings.memoryLimitMb,
    timeoutMs: settings.timeoutMs,
    recovery: settings.recovery ?? 'resume',
    limit: settings.maxConcurrentRuns ?? null,
  };
}

/** Ports and defaults filled in; a node without outputs has nothing pinned. */
export function graphOf({ registry, specs }: Pick<Preparing, 'registry' | 'specs'>, workflow: Workflow, folder: string): Graph {
  const nodes = workflow.nodes.map((node) => {
    const spec = registry.get(nodeKey(node))?.spec;
    if (spec === undefined) return node;
    const { pin, ...rest } = node;
    return { ...rest, config: withDefaults(spec, node.config), ...(pin === undefined || spec.outputs.length === 0 ? {} : { pin }) };
  });
  return { folder, nodes, edges: wired(workflow, specs) };
}

function fusings(registry: Registry, nodes: readonly WorkflowNode[]): (node: NodeId) => Fusing {
  const byId = new Map(nodes.map((node) => [node.id, registry.get(nodeKey(node))?.fusing(node.config)]));
  return (id) => {
    const fusing = byId.get(id);
    if (fusing === undefined) throw new StudioError('invalid_workflow', `The type of node "${id}" is not known.`, { place: id });
    return fusing;
  };
}

/** Pinned rows that can't be read are nothing that a workflow reckons with. */
const policyOf = ({ onError = 'stop', pin, retry, timeoutMs }: WorkflowNode): NodePolicy => ({ onError: onError === 'errorPort' && pin !== undefined ? 'stop' : onError, retry, timeoutMs });
