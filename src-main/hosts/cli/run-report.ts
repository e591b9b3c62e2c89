import { errorSentence } from '#shared/errors';
import type { LogLine } from '#shared/contract/runs';
import type { NodeRun, Run } from '#shared/run/run';
import { rowsOutTotal } from '#shared/run/run';
import { duration, number, table } from './output.ts';

/** What `run --json` prints: one object. `rowsOut` is the total over a node's ports. */
export const runJson = (run: Run, lines: readonly LogLine[]) => ({
  runId: run.id,
  workflowId: run.workflowId,
  workflowName: run.workflowName,
  status: run.status,
  durationMs: run.durationMs,
  ...(run.error === null ? {} : { error: run.error, failedNode: run.failedNode }),
  nodes: Object.values(run.nodes).map((node) => ({
    id: node.id,
    status: node.status,
    rowsIn: node.rowsIn,
    rowsOut: rowsOutTotal(node),
    rowsOutByPort: node.rowsOut,
    durationMs: node.durationMs,
    attempts: node.attempts.length,
    report: node.report,
    outputs: node.outputs,
    skipped: node.skipped,
    error: node.error,
  })),
  console: lines,
});

/** The table of a run's nodes on standard output; what went wrong on standard error. */
export function printRun(run: Run): void {
  const rows = Object.values(run.nodes).map((node) => [node.id, node.status, number(node.rowsIn), number(rowsOutTotal(node)), duration(node.durationMs), remark(node)]);
  process.stdout.write(`\n${table(['node', 'status', 'rows in', 'rows out', 'time', ''], rows, [2, 3, 4])}\n`);
  process.stdout.write(`${run.workflowName}: ${run.status}${run.durationMs === null ? '' : ` in ${duration(run.durationMs)}`} · run ${run.id}\n`);
  if (run.error !== null) process.stderr.write(`millrace: ${run.failedNode === null ? '' : `node "${run.failedNode}": `}${errorSentence(run.error)}\n`);
}

function remark(node: NodeRun): string {
  const counts = Object.entries(node.report).filter(([, count]) => count > 0).map(([label, count]) => `${number(count)} ${label}`);
  const files = node.outputs.flatMap((output) => output.path ?? []);
  return [...files, ...counts, ...(node.skipped === null ? [] : [reason(node)])].join(', ');
}

function reason({ skipped }: NodeRun): string {
  switch (skipped?.kind) {
    case 'disabled':
      return 'disabled';
    case 'outOfScope':
      return 'not asked for';
    case 'upstreamFailed':
    case 'segmentFailed':
      return `because "${skipped.node}" failed`;
    case 'cancelled':
      return 'cancelled';
    case undefined:
      return '';
  }
}
