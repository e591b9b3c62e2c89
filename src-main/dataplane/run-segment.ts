import { statSync } from 'node:fs';
import type { Column } from '#shared/data';
import { StudioError, assertNever } from '#shared/errors';
import type { Segment } from '../engine/plan.ts';
import { Blamed, compileSegment, conditionsOf, outputOf, shortLineage } from './compile.ts';
import type { Compiled, Step } from './compile.ts';
import { culprit } from './culprit.ts';
import type { Ended } from './ended.ts';
import { explainFailure } from './failures.ts';
import { stagedPath, tableKey, tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { countSteps, readProfile } from './profile.ts';
import type { StepCount } from './profile.ts';
import { watchProgress } from './progress.ts';
import type { NodeResult, Output, Send } from './protocol.ts';
import { quoteName, quoteText } from './quoting.ts';
import { linesOf, printing } from './console-lines.ts';
import { RUN_SCHEMA } from './session.ts';
import { stage } from './staging.ts';
import type { Staged } from './staging.ts';
import { interruptible, runProfiled, throwIfCancelled } from './statements.ts';
import { runStream } from './stream-segment.ts';

/** What a segment leaves behind: the counts of its nodes, the files it has put under their names, and what sampling needs. */
export interface SegmentResult {
  readonly nodes: readonly NodeResult[];
  readonly outputs: readonly Output[];
  readonly compiled: Compiled;
}

/** The name of the column that says by which port of a filter a row leaves. */
const MARK = '__port';

const lastOf = (compiled: Compiled): Step => {
  const last = compiled.steps.at(-1);
  if (last === undefined) throw new StudioError('internal', `Segment ${compiled.segment.id} has no node.`);
  return last;
};

/** A table must give every column a type; where the SELECT had none and there are no rows, readers get the columns without one again. */
async function withoutTypes(run: OpenRun, step: Step, port: string, sql: string, columns: readonly Column[]): Promise<string> {
  const select = outputOf(step, port);
  const [types] = select === null ? [] : await run.session.rows(`SELECT typeof(any_value(COLUMNS(*))) FROM (SELECT * FROM (${select}) LIMIT 0)`);
  const free = columns.filter((_, index) => types?.[index] === '"NULL"').map(({ name }) => `NULL AS ${quoteName(name)}`);
  return free.length === 0 ? sql : `(SELECT * REPLACE (${free.join(', ')}) FROM ${sql})`;
}

/** Keeps rows as a table of the run and remembers where they are. */
async function keep(run: OpenRun, compiled: Compiled, port: string, sql: string): Promise<number> {
  const step = lastOf(compiled);
  const [columns, counted] = [await run.session.columns(`SELECT * FROM ${sql}`), await run.session.rows(`SELECT count(*) FROM ${sql}`)];
  const rows = Number(counted[0]?.[0] ?? 0);
  const untyped = rows > 0 ? sql : await withoutTypes(run, step, port, sql, columns);
  run.tables.set(tableKey(step.node, port), { sql: untyped, columns: untyped === sql ? columns : await run.session.columns(`SELECT * FROM ${untyped}`), rows, lineage: shortLineage(`${compiled.lineage}\n${port}`) });
  return rows;
}

/** A filter whose ports are both read: one table, each row marked with the port it leaves by. */
async function splitTable(run: OpenRun, compiled: Compiled, conditions: Readonly<Record<string, string>>): Promise<Ended> {
  const step = lastOf(compiled);
  const [input] = Object.values(step.inputs);
  const ports = Object.keys(conditions);
  const cases = ports.map((port, index) => `WHEN (${conditions[port]}) THEN ${index}::UTINYINT`).join(' ');
  const table = tableSql(`${step.node}.split`);
  const stages = await runProfiled(run, `CREATE OR REPLACE TABLE ${table} AS SELECT *, CASE ${cases} END AS ${quoteName(MARK)} FROM ${input?.sql}`);
  const rowsOut: Record<string, number> = {};
  for (const [index, port] of ports.entries()) rowsOut[port] = await keep(run, compiled, port, `(SELECT * EXCLUDE (${quoteName(MARK)}) FROM ${table} WHERE ${quoteName(MARK)} = ${index})`);
  return { counts: await countSteps(run, compiled, stages), rowsOut, outputs: [] };
}

async function toTables(run: OpenRun, compiled: Compiled, ports: readonly string[]): Promise<Ended> {
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
    const table = tableSql(`${step.node}.${port}`);
    const stages = await runProfiled(run, `CREATE OR REPLACE TABLE ${table} AS ${select}`);
    counts ??= await countSteps(run, compiled, stages);
    rowsOut[port] = await keep(run, compiled, port, table);
  }
  return { counts: counts ?? [], rowsOut, outputs: [] };
}

/** A failure of the temporary file is told of the file that the person named. */
function underItsName(thrown: unknown, staged: Staged): StudioError {
  const { code, message, place, remedy, detail } = explainFailure(thrown);
  const named = place === staged.target || place === stagedPath(staged.path) ? staged.path : place;
  return new StudioError(code, message, { ...(named === undefined ? {} : { place: named }), ...(remedy === undefined ? {} : { remedy }), ...(detail === undefined ? {} : { detail }) });
}

/** An appended CSV has its header already. */
const withoutHeader = (options: string): string => (/\bHEADER\b/i.test(options) ? options.replace(/\bHEADER\b(\s+(?:true|false|1|0))?/i, 'HEADER false') : `${options}, HEADER false`);

async function toFile(run: OpenRun, compiled: Compiled, write: { readonly select: string; readonly path: string; readonly options: string; readonly append: boolean }): Promise<Ended> {
  const step = lastOf(compiled);
  const staged = stage(write.path, write.append);
  try {
    const options = staged.appending && /FORMAT\s+'?csv/i.test(write.options) ? withoutHeader(write.options) : write.options;
    const stages = await runProfiled(run, `COPY (${write.select}) TO ${quoteText(staged.target)} (${options})`);
    const counts = await countSteps(run, compiled, stages);
    await interruptible(run, () => staged.commit());
    const rows = stages.at(-3)?.rows ?? 0;
    return { counts, rowsOut: {}, outputs: [{ node: step.node, path: write.path, rows, bytes: statSync(write.path).size }] };
  } catch (error) {
    staged.discard();
    throw underItsName(error, staged);
  }
}

/** One pass over all rows, of which only the first few are kept to be printed. */
async function toConsole(run: OpenRun, compiled: Compiled, write: { readonly select: string; readonly limit: number; readonly format: 'table' | 'json' }, send: Send): Promise<Ended> {
  const step = lastOf(compiled);
  const limit = Math.max(0, Math.trunc(write.limit));
  const first = `(SELECT * FROM (SELECT *, row_number() OVER () AS "__row" FROM (${write.select})) WHERE "__row" <= ${limit})`;
  const { names, rows, profile } = await interruptible(run, () => run.session.rowsAndProfile(printing(first, write.format), run.context.stamp()));
  const counts = await countSteps(run, compiled, readProfile(profile));
  const lines = linesOf(names, rows, write.format);
  const total = counts.at(-1)?.rowsIn ?? 0;
  const more = total > limit ? [`… ${total - limit} more of ${total} rows`] : [];
  send({ kind: 'console', runId: run.job.runId, node: step.node, lines: [...lines, ...more] });
  return { counts, rowsOut: {}, outputs: [] };
}

async function toNobody(run: OpenRun, compiled: Compiled): Promise<Ended> {
  const step = lastOf(compiled);
  const ports = Object.keys(step.description?.outputs ?? {});
  const conditions = step.fusing === 'filter' && ports.length > 1 ? conditionsOf(step) : null;
  const [port] = ports;
  const select = outputOf(step, port ?? null);
  if (port === undefined || select === null) return { counts: [], rowsOut: {}, outputs: [] };
  if (conditions !== null) {
    const [input] = Object.values(step.inputs);
    const stages = await runProfiled(run, `SELECT * FROM ${input?.sql} WHERE ${conditions[port]}`);
    const counts = await countSteps(run, compiled, stages);
    return { counts, rowsOut: { [port]: stages.at(-2)?.rows ?? 0 }, outputs: [] };
  }
  const stages = await runProfiled(run, select);
  return { counts: await countSteps(run, compiled, stages), rowsOut: { [port]: stages.at(-2)?.rows ?? 0 }, outputs: [] };
}

async function toSink(run: OpenRun, compiled: Compiled, send: Send): Promise<Ended> {
  const write = lastOf(compiled).description?.write;
  if (write === undefined) throw new StudioError('internal', 'The sink did not say what to write.');
  return write.kind === 'copy' ? toFile(run, compiled, write) : toConsole(run, compiled, write, send);
}

function end(run: OpenRun, compiled: Compiled, send: Send): Promise<Ended> {
  const { end: how } = compiled.segment;
  const streams = lastOf(compiled).description === null;
  switch (how.kind) {
    case 'table':
      return toTables(run, compiled, how.ports);
    case 'sink':
      return streams ? runStream(run, compiled, [], send, async () => 0) : toSink(run, compiled, send);
    case 'stream':
      return runStream(run, compiled, how.ports, send, async (port, table) => keep(run, compiled, port, table));
    case 'discard':
      return streams ? runStream(run, compiled, [], send, async () => 0) : toNobody(run, compiled);
    default:
      return assertNever(how);
  }
}

/**
 * What a source gives by its further ports it finds while it reads for its first: when nobody takes that one, it is read all the same.
 * Answers the rows of the first port then.
 */
async function readFirstPort(run: OpenRun, compiled: Compiled): Promise<Readonly<Record<string, number>>> {
  const { end: how } = compiled.segment;
  const [first] = compiled.steps;
  const [main, ...further] = first?.implementation.spec.outputs.map((output) => output.name) ?? [];
  if (first?.fusing !== 'source' || main === undefined || further.length === 0) return {};
  const taken = first.port !== null ? [first.port] : how.kind === 'table' ? how.ports : [main];
  const select = outputOf(first, main);
  if (taken.includes(main) || select === null) return {};
  return { [main]: (await runProfiled(run, select)).at(-2)?.rows ?? 0 };
}

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

/** Looking at files may take its time, and a cancel is not to wait for it. */
async function compileInterruptibly(run: OpenRun, segment: Segment): Promise<Compiled> {
  const interrupt = (): void => run.session.connection.interrupt();
  run.interrupts.add(interrupt);
  try {
    throwIfCancelled(run);
    const compiled = await compileSegment(run, segment);
    throwIfCancelled(run);
    return compiled;
  } catch (error) {
    if (run.abort.signal.aborted) throw new Blamed(segment.end.node, run.abort.signal.reason);
    throw error;
  } finally {
    run.interrupts.delete(interrupt);
  }
}

/**
 * Runs one segment as one statement (or one JavaScript node with the statement that feeds it). Throws Blamed: the failure and the node
 * it is laid to. Whatever fails or is cancelled leaves no file and no table.
 */
export async function runSegment(run: OpenRun, segment: Segment, send: Send): Promise<SegmentResult> {
  const startedAt = performance.now();
  const compiled = await compileInterruptibly(run, segment);
  const last = lastOf(compiled);
  for (const step of compiled.steps)
    if (step.description?.notices !== undefined && step.description.notices.length > 0) send({ kind: 'console', runId: run.job.runId, node: step.node, lines: step.description.notices });
  const unwatch = last.description === null ? () => undefined : watchProgress(run, compiled, send);
  try {
    await run.session.setCountable(!compiled.steps.some((step) => step.fusing === 'query'));
    const besides = await readFirstPort(run, compiled);
    const ended = await end(run, compiled, send);
    const durationMs = performance.now() - startedAt;
    const nodes: NodeResult[] = [];
    for (const [index, step] of compiled.steps.entries()) {
      const count = ended.counts[index];
      const report = { ...(await reportOf(run, step)), ...(step === last ? ended.report : {}) };
      const rowsOut = step === last ? lastRowsOut(step, count, ended.rowsOut) : bothPorts(step, step.port ?? 'out', count ?? { rowsIn: 0, rowsOut: 0, share: 0 });
      nodes.push({ node: step.node, rowsIn: count?.rowsIn ?? 0, rowsOut: index === 0 ? { ...besides, ...rowsOut } : rowsOut, durationMs: durationMs * (count?.share ?? 1 / compiled.steps.length), report });
    }
    return { nodes, outputs: ended.outputs, compiled };
  } catch (error) {
    await dropTables(run, compiled);
    throw error instanceof Blamed ? error : new Blamed(await culprit(run, compiled, error), error);
  } finally {
    unwatch();
  }
}

async function dropTables(run: OpenRun, compiled: Compiled): Promise<void> {
  const { node } = lastOf(compiled);
  for (const port of [...lastOf(compiled).implementation.spec.outputs.map((output) => output.name), 'split']) {
    run.tables.delete(tableKey(node, port));
    await run.session.run(`DROP TABLE IF EXISTS ${RUN_SCHEMA}.${quoteName(`${node}.${port}`)}`).catch(() => undefined);
  }
}
