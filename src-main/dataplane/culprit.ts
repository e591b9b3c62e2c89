import type { NodeId } from '#shared/ids';
import { outputOf } from './compile.ts';
import type { Compiled } from './compile.ts';
import { explainFailure } from './failures.ts';
import type { OpenRun } from './open-run.ts';

/** How long looking for the node that failed may take, in milliseconds. */
const BUDGET_MS = 2000;

async function fails(run: OpenRun, select: string, budgetMs: number): Promise<boolean> {
  const beside = await run.session.connect();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    beside.interrupt();
  }, budgetMs);
  try {
    await beside.run(`EXPLAIN ANALYZE ${select}`);
    return false;
  } catch {
    return !late;
  } finally {
    clearTimeout(timer);
    beside.closeSync();
  }
}

/**
 * The node of a fused segment that made it fail. What the failure itself tells comes first (a CSV error is the source's, a full disk
 * the sink's); otherwise the statement is run again up to each node until it fails, within a budget of two seconds.
 */
export async function culprit(run: OpenRun, compiled: Compiled, thrown: unknown): Promise<NodeId> {
  const { steps, segment } = compiled;
  const [first] = steps;
  if (first === undefined || steps.length === 1) return segment.end.node;
  const error = explainFailure(thrown);
  const detail = error.detail ?? error.message;
  if (error.code === 'cancelled' || /^Out of Memory|temp_directory/.test(detail)) return segment.end.node;
  if (first.fusing === 'source' && /CSV Error|CSV file/i.test(detail)) return first.node;
  if (error.code === 'io' || error.code === 'permission') {
    const read = first.fusing === 'source' && run.session.limits.reads.some((path) => detail.includes(path));
    return read ? first.node : segment.end.node;
  }
  const until = performance.now() + BUDGET_MS;
  for (const step of steps) {
    const select = step.port === null ? null : outputOf(step);
    const left = until - performance.now();
    if (left <= 0) break;
    if (select !== null && (await fails(run, select, left))) return step.node;
  }
  return segment.end.node;
}
