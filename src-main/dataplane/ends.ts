import { StudioError } from '#shared/errors';
import { conditionsOf, lastOf, outputOf } from './compile.ts';
import type { Compiled } from './compile.ts';
import { linesOf, printing } from './console-lines.ts';
import type { Turn } from './effects.ts';
import type { Ended } from './ended.ts';
import { tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { countSteps, readProfile } from './profile.ts';
import type { StepCount } from './profile.ts';
import { quoteName } from './quoting.ts';
import { interruptible, runProfiled, stampFor } from './statements.ts';
import { freeName, keep, SPLIT } from './tables.ts';
import { toFile } from './to-file.ts';

/** A filter whose ports are both read: one table, each row marked with the port it leaves by. */
async function splitTable(run: OpenRun, compiled: Compiled, conditions: Readonly<Record<string, string>>): Promise<Ended> {
  const step = lastOf(compiled);
  const [input] = Object.values(step.inputs);
  const ports = Object.keys(conditions);
  const cases = ports.map((port, index) => `WHEN (${conditions[port]}) THEN ${index}::UTINYINT`).join(' ');
  const table = tableSql(step.node, SPLIT);
  const mark = quoteName(freeName(input?.columns ?? [], '__port'));
  const stages = await runProfiled(run, compiled, `CREATE OR REPLACE TABLE ${table} AS SELECT *, CASE ${cases} END AS ${mark} FROM ${input?.sql}`);
  const rowsOut: Record<string, number> = {};
  for (const [index, port] of ports.entries()) rowsOut[port] = await keep(run, compiled, step, port, `(SELECT * EXCLUDE (${mark}) FROM ${table} WHERE ${mark} = ${index})`);
  return { counts: await countSteps(run, compiled, stages), rowsOut, outputs: [] };
}

/** The ports that somebody reads, or that are to be kept, become tables. */
export async function toTables(run: OpenRun, compiled: Compiled, ports: readonly string[]): Promise<Ended> {
  const step = lastOf(compiled);
  const conditions = step.fusing === 'filter' && ports.length > 1 ? conditionsOf(step) : null;
  if (conditions !== null) return splitTable(run, compiled, conditions);
  let counts: readonly StepCount[] | null = null;
  const rowsOut: Record<string, number> = {};
  const names = step.implementation.spec.outputs.map((output) => output.name);
  const inOrder = ports.toSorted((a, b) => names.indexOf(a) - names.indexOf(b));
  for (const port of inOrder) {
    const select = outputOf(step, port);
    if (select === null) throw new StudioError('internal', `The node gives nothing at its port “${port}”.`);
    const table = tableSql(step.node, port);
    const stages = await runProfiled(run, compiled, `CREATE OR REPLACE TABLE ${table} AS ${select}`);
    counts ??= await countSteps(run, compiled, stages);
    rowsOut[port] = await keep(run, compiled, step, port, table);
  }
  return { counts: counts ?? [], rowsOut, outputs: [] };
}

/** One pass over all rows, of which only the first few are kept to be printed. */
async function toConsole(run: OpenRun, compiled: Compiled, write: { readonly select: string; readonly limit: number; readonly format: 'table' | 'json' }, { send }: Turn): Promise<Ended> {
  const step = lastOf(compiled);
  const limit = Math.max(0, Math.trunc(write.limit));
  const first = `(SELECT * FROM (SELECT *, row_number() OVER () AS "__row" FROM (${write.select})) WHERE "__row" <= ${limit})`;
  const { names, rows, profile } = await interruptible(run, () => run.session.rowsAndProfile(printing(first, write.format), stampFor(run, compiled)));
  const counts = await countSteps(run, compiled, readProfile(profile));
  const lines = linesOf(names, rows, write.format);
  const total = counts.at(-1)?.rowsIn ?? 0;
  const more = total > limit ? [`… ${total - limit} more of ${total} rows`] : [];
  send({ kind: 'console', runId: run.job.runId, node: step.node, lines: [...lines, ...more] });
  return { counts, rowsOut: {}, outputs: [] };
}

/** Nobody reads the rows: they are counted. */
export async function toNobody(run: OpenRun, compiled: Compiled): Promise<Ended> {
  const step = lastOf(compiled);
  const ports = Object.keys(step.description?.outputs ?? {});
  const conditions = step.fusing === 'filter' && ports.length > 1 ? conditionsOf(step) : null;
  const [port] = ports;
  const select = outputOf(step, port ?? null);
  if (port === undefined || select === null) return { counts: [], rowsOut: {}, outputs: [] };
  if (conditions !== null) {
    const [input] = Object.values(step.inputs);
    const stages = await runProfiled(run, compiled, `SELECT * FROM ${input?.sql} WHERE ${conditions[port]}`);
    const counts = await countSteps(run, compiled, stages);
    return { counts, rowsOut: { [port]: stages.at(-2)?.rows ?? 0 }, outputs: [] };
  }
  const stages = await runProfiled(run, compiled, select);
  return { counts: await countSteps(run, compiled, stages), rowsOut: { [port]: stages.at(-2)?.rows ?? 0 }, outputs: [] };
}

/** A describing sink puts the rows where it said. */
export async function toSink(run: OpenRun, compiled: Compiled, turn: Turn): Promise<Ended> {
  const write = lastOf(compiled).description?.write;
  if (write === undefined) throw new StudioError('internal', 'The sink did not say what to write.');
  return write.kind === 'copy' ? toFile(run, compiled, write, turn) : toConsole(run, compiled, write, turn);
}
