import type { Compiled } from './compile.ts';
import { outputOf } from './compile.ts';
import type { OpenRun } from './open-run.ts';
import type { FromWorker, NodeProgress } from './protocol.ts';

type Progress = Extract<FromWorker, { kind: 'progress' }>;

/** Nothing is told of a segment before it has run so long, in milliseconds; then as often as this. */
const QUIET_MS = 250;
/** Rows from which the pass rates are estimated. */
const LOOKED_AT = 20_000;

/** Rows out of each step for one row of the origin, as the first rows have it. */
async function passRates(run: OpenRun, compiled: Compiled): Promise<readonly number[]> {
  const { origin } = compiled;
  const selects = compiled.steps.map((step) => (step.port === null ? null : outputOf(step)));
  if (origin === null) return selects.map(() => 1);
  return run.context.memory.remember(`rates ${compiled.lineage}`, '', async () => {
    const beside = await run.session.connect();
    const stop = (): void => beside.interrupt();
    run.interrupts.add(stop);
    try {
      await beside.run(`CREATE TEMP TABLE first_rows AS SELECT * FROM ${origin} LIMIT ${LOOKED_AT}`);
      const from = (select: string): string => (`(${select})` === origin ? 'first_rows' : `(${select.replaceAll(origin, () => 'first_rows')})`);
      const counts = ['SELECT count(*) FROM first_rows', ...selects.map((select) => (select === null ? 'SELECT NULL' : `SELECT count(*) FROM ${from(select)}`))];
      const [row] = (await beside.runAndReadAll(`SELECT ${counts.map((count) => `(${count})`).join(', ')}`)).getRows();
      const [all, ...each] = (row ?? []).map(Number);
      let last = 1;
      return each.map((count, index) => (last = selects[index] === null || !all ? last : count / all));
    } finally {
      run.interrupts.delete(stop);
      beside.closeSync();
    }
  });
}

/** What a stream node has seen so far; exact. */
export interface Seen {
  rowsIn: number;
  rowsOut: number;
}

/**
 * Tells at least twice a second how far a segment is, until the function it answers is called. Counts are estimates: the share of the
 * origin that was read, times its expected rows, times the pass rates of the first rows. Short segments say nothing.
 */
export function watchProgress(run: OpenRun, compiled: Compiled, send: (progress: Progress) => void, seen: Seen | null = null, connection: { readonly progress: { readonly percentage: number } } = run.session): () => void {
  const startedAt = performance.now();
  let rates: readonly number[] | null = null;
  let stopped = false;
  const expected = compiled.originRows ?? compiled.steps[0]?.description?.expectedRows ?? null;
  const tell = (): void => {
    if (stopped) return;
    const reported = connection.progress.percentage;
    const fraction = reported < 0 ? null : Math.min(0.999, reported / 100);
    const seconds = (performance.now() - startedAt) / 1000;
    const read = expected === null || fraction === null ? 0 : Math.round(expected * fraction);
    let before = compiled.originRows === null ? 0 : read;
    const nodes = compiled.steps.map((step, index): NodeProgress => {
      const last = step.port === null;
      const out = last ? 0 : Math.round(read * (rates?.[index] ?? 1));
      const rowsIn = last && seen !== null ? Math.max(seen.rowsIn, 0) : before;
      const rowsOut = last && seen !== null ? seen.rowsOut : out;
      before = out;
      const port = step.port ?? step.implementation.spec.outputs[0]?.name;
      return { node: step.node, rowsIn, rowsOut: port === undefined ? {} : { [port]: rowsOut }, estimated: !(last && seen !== null), rowsPerSecond: Math.round(Math.max(rowsIn, rowsOut) / seconds) };
    });
    send({ kind: 'progress', runId: run.job.runId, segment: compiled.segment.id, fraction, nodes });
  };
  const timer = setInterval(() => {
    tell();
    if (rates !== null) return;
    rates = [];
    passRates(run, compiled).then(
      (found) => (rates = found),
      () => undefined,
    );
  }, QUIET_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
