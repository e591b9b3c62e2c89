import { ERROR_PORT } from '#shared/workflow/graph';
import { lastOf } from './compile.ts';
import type { Compiled, Step } from './compile.ts';
import type { Ended } from './ended.ts';
import type { OpenRun } from './open-run.ts';
import type { StepCount } from './profile.ts';
import type { NodeResult } from './protocol.ts';
import { interruptible } from './statements.ts';

async function reportOf(run: OpenRun, step: Step): Promise<Readonly<Record<string, number>>> {
  const labels = Object.entries(step.description?.report ?? {});
  if (labels.length === 0) return step.description?.counted ?? {};
  const rows = await interruptible(run, () => run.session.rows(`SELECT ${labels.map(([, select]) => `(${select})`).join(', ')}`));
  return { ...step.description?.counted, ...Object.fromEntries(labels.map(([label], index) => [label, Number(rows[0]?.[index] ?? 0)])) };
}

/** The rows of a filter's other port are those that did not leave by the first. */
function bothPorts(step: Step, port: string, count: StepCount): Readonly<Record<string, number>> {
  const names = step.implementation.spec.outputs.map((output) => output.name);
  const other = names.find((name) => name !== port);
  return step.fusing === 'filter' && names.length === 2 && other !== undefined ? { [port]: count.rowsOut, [other]: count.rowsIn - count.rowsOut } : { [port]: count.rowsOut };
}

function lastRowsOut(step: Step, count: StepCount | undefined, rowsOut: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [[port, rows] = [undefined, 0], ...more] = Object.entries(rowsOut);
  return port === undefined || more.length > 0 || count === undefined ? rowsOut : bothPorts(step, port, { ...count, rowsOut: rows });
}

/** What each node of a segment took, gave and counted. `besides`: rows of the first node's port that nobody takes. */
export async function resultsOf(run: OpenRun, compiled: Compiled, ended: Omit<Ended, 'outputs'>, of: { readonly besides: Readonly<Record<string, number>>; readonly key: string | null; readonly startedAt: number }): Promise<readonly NodeResult[]> {
  const last = lastOf(compiled);
  const durationMs = performance.now() - of.startedAt;
  const results: NodeResult[] = [];
  for (const [index, step] of compiled.steps.entries()) {
    const count = ended.counts[index];
    const report = { ...(await reportOf(run, step)), ...(step === last ? ended.report : {}) };
    const rowsOut = step === last ? lastRowsOut(step, count, ended.rowsOut) : bothPorts(step, step.port ?? 'out', count ?? { rowsIn: 0, rowsOut: 0, share: 0 });
    results.push({
      node: step.node,
      rowsIn: count?.rowsIn ?? 0,
      rowsOut: { ...(index === 0 ? of.besides : {}), ...(compiled.segment.diverts ? { [ERROR_PORT]: 0 } : {}), ...rowsOut },
      durationMs: durationMs * (count?.share ?? 1 / compiled.steps.length),
      report,
      key: step === last ? of.key : null,
      ...(step === last && ended.afterwards !== undefined ? { afterwards: ended.afterwards } : {}),
    });
  }
  return results;
}
