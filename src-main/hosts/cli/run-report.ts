import { z } from 'zod';
import { errorSentence } from '#shared/errors';
import type { SkipReason } from '#shared/events';
import type { LogLine } from '#shared/contract/runs';
import { nodeKey } from '#shared/node-spec';
import type { NodeRun, Run } from '#shared/run/run';
import { wired } from '#shared/workflow/graph';
import { WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';
import { builtInNodes, specsOf } from '../../nodes/registry.ts';
import { duration, number, print, printAside, table } from './output.ts';

/** As much of a workflow as tells what is connected: a node may hold megabytes of rows. */
const Wires = z.object({ nodes: z.array(WorkflowNode.pick({ id: true, type: true, nodeType: true })), edges: z.array(WorkflowEdge).default([]) });

/** Rows that left a node by the ports that anything is connected to; where nothing is, by its first one. A run that came from a file may hold anything as its workflow. */
export function rowsOutOf(run: Run): (node: NodeRun) => number {
  const { nodes, edges } = Wires.safeParse(run.workflow).data ?? { nodes: [], edges: [] };
  const taken = new Set(wired({ nodes, edges }, specsOf(builtInNodes)).map((edge) => JSON.stringify([edge.source, edge.sourcePort])));
  const firsts = new Map(nodes.map((node) => [node.id as string, builtInNodes.get(nodeKey(node))?.spec.outputs[0]?.name]));
  return (node) => {
    const ports = Object.entries(node.rowsOut);
    const used = ports.filter(([port]) => taken.has(JSON.stringify([node.id, port])));
    return (used.length > 0 ? used : ports.filter(([port]) => port === firsts.get(node.id))).reduce((sum, [, rows]) => sum + rows, 0);
  };
}

/** Lines of each node's last attempt: what an attempt printed that was lost or tried again comes again. */
export function lastLines(lines: readonly LogLine[], run: Run | null): readonly LogLine[] {
  return lines.filter(({ node, attempt }) => {
    const last = node === null || attempt === null ? undefined : run?.nodes[node]?.attempts.at(-1);
    return last === undefined || (last.attempt === attempt && last.outcome !== 'lost');
  });
}

/** What `run --json` prints: one object. `rowsOut` is what left by connected ports; `rowsOutByPort` has them all. */
export const runJson = (run: Run, lines: readonly LogLine[], rowsOut = rowsOutOf(run)) => ({
  runId: run.id,
  workflowId: run.workflowId,
  workflowName: run.workflowName,
  status: run.status,
  durationMs: run.durationMs,
  ...(run.error === null ? {} : { error: run.error, failedNode: run.failedNode }),
  ...(run.status === 'paused' ? { question: run.question } : {}),
  ...(run.status === 'interrupted' ? { interruption: run.interruption } : {}),
  ...(run.origin === null ? {} : { origin: run.origin }),
  nodes: Object.values(run.nodes).map((node) => ({
    id: node.id,
    status: node.status,
    rowsIn: node.rowsIn,
    rowsOut: rowsOut(node),
    rowsOutByPort: node.rowsOut,
    durationMs: node.durationMs,
    attempts: node.attempts.length,
    report: node.report,
    outputs: node.outputs,
    skipped: node.skipped,
    error: node.error,
    ...(node.reusedFrom === null ? {} : { reusedFrom: node.reusedFrom }),
    ...(node.diverted ? { diverted: true } : {}),
  })),
  console: lastLines(lines, run),
});

/** The table of a run's nodes on standard output; what went wrong on standard error, unless it was `told` there already. */
export function printRun(run: Run, told: ReadonlySet<string> = new Set()): void {
  const rowsOut = rowsOutOf(run);
  const rows = Object.values(run.nodes).map((node) => [node.id, node.status, number(node.rowsIn), number(rowsOut(node)), duration(node.durationMs), remark(node)]);
  process.stdout.write(`\n${table(['node', 'status', 'rows in', 'rows out', 'time', ''], rows, [2, 3, 4])}\n`);
  print(`${run.workflowName}: ${run.status}${run.durationMs === null ? '' : ` in ${duration(run.durationMs)}`} · run ${run.id}\n`);
  printFailure(run, told);
}

/** Place, cause and remedy of a failed run on standard error. */
export function printFailure({ error, failedNode }: Run, told: ReadonlySet<string> = new Set()): void {
  if (error === null || told.has(errorSentence(error))) return;
  printAside(`millrace: ${failedNode === null ? '' : `node "${failedNode}": `}${errorSentence(error)}\n`);
}

function remark(node: NodeRun): string {
  const counts = Object.entries(node.report).filter(([, count]) => count > 0).map(([label, count]) => `${number(count)} ${label}`);
  const files = node.outputs.flatMap((output) => output.path ?? []);
  const tries = node.attempts.length > 1 ? [`${node.attempts.length} attempts`] : [];
  return [...files, ...counts, ...tries, ...(node.reusedFrom === null ? [] : [`from run ${node.reusedFrom}`]), ...(node.diverted ? ['failed, went to its error port'] : []), ...(node.skipped === null ? [] : [reason(node.skipped)])].join(', ');
}

const REASONS: { readonly [K in SkipReason['kind']]: (reason: SkipReason & { readonly kind: K }) => string } = {
  disabled: () => 'disabled',
  outOfScope: () => 'not asked for',
  upstreamFailed: ({ node }) => `because "${node}" failed`,
  segmentFailed: ({ node }) => `because "${node}" failed`,
  cancelled: () => 'cancelled',
  notNeeded: () => 'not needed',
};
const reason = (skipped: SkipReason): string => (REASONS[skipped.kind] as (one: SkipReason) => string)(skipped);
