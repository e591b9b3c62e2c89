import type { NodeId } from '#shared/ids';
import { checksOf } from './context.ts';
import { markOf, sameMark } from './effect-proof.ts';
import { edgesOutOf } from './graph-index.ts';
import { removeUnfinished, restoreRows } from './kept.ts';
import { keysNow } from './keys.ts';
import { nodesOfPlan, tableKey, tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import type { PastNode, Standing } from './protocol.ts';
import { interruptible } from './statements.ts';
import { steadyNodes } from './steady.ts';

/** Are a sink's files there as it had put them there, and nobody has written them since? What says nothing of that does not stand. */
const filesStand = ({ files }: PastNode): boolean =>
  files.every(({ path, mark }) => {
    try {
      return mark !== undefined && sameMark(markOf(path), mark);
    } catch {
      return false;
    }
  });

/** A sink that names what it writes and left no file on record may have left anything: nothing tells that it still stands. */
function leftFiles(run: OpenRun, past: PastNode): boolean {
  const { nodes } = run.index;
  const node = nodes.get(past.node);
  return node?.type !== 'sink' || past.files.length > 0 || !run.writers.has(past.node);
}

/** Reads the kept outputs of a node back as tables. False where one that somebody reads is missing or damaged. */
async function restore(run: OpenRun, past: PastNode): Promise<boolean> {
  const ports = new Set(edgesOutOf(run.index, past.node).map((edge) => edge.sourcePort));
  for (const port of ports) {
    const kept = past.kept.find((one) => one.port === port);
    if (kept === undefined) return false;
    const back = await interruptible(run, () => restoreRows(run.session, tableSql(past.node, port), kept, run.job.outputs, run.abort.signal));
    if (back === null) return false;
    run.store(tableKey(past.node, port), { sql: back.sql, columns: await run.session.columns(`SELECT * FROM ${back.sql}`), rows: kept.rows, lineage: `kept ${kept.hash} ${port}` });
  }
  return ports.size > 0;
}

/**
 * What still stands of the run's past: whose key is the same as then, and whose rows are tables again. A cancel ends it; what was not
 * looked at by then does not stand.
 */
export async function standingOf(run: OpenRun): Promise<Standing> {
  const steady: NodeId[] = [];
  const restored: NodeId[] = [];
  if (run.job.past.length === 0) return { steady, restored };
  removeUnfinished(run.job.outputs);
  const steadyOnes = await steadyNodes(run.index, run.registry, nodesOfPlan(run.job), checksOf(run.session, run.context.memory).judge, run.abort.signal);
  const now = keysNow({ ...run.context, index: run.index, registry: run.registry, steady: steadyOnes }, run.job.plan.segments);
  for (const past of run.job.past) {
    const key = now.get(past.node);
    if (key === undefined || run.abort.signal.aborted) continue;
    run.keys.set(past.node, past.key);
    if (key !== null && key === past.key && filesStand(past) && leftFiles(run, past)) steady.push(past.node);
    if (await restore(run, past).catch(() => false)) restored.push(past.node);
  }
  return { steady, restored };
}
