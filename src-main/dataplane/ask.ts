import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestReport } from '#shared/connections/connection';
import type { Column, ColumnProfile, Sample } from '#shared/data';
import { StudioError, assertNever } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { connectorOf } from '../connectors/connector.ts';
import type { Input } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { checksOf, contextFor, resolveIn } from './context.ts';
import type { RunContext } from './context.ts';
import { differenceOf } from './difference.ts';
import { atField, explainFailure } from './failures.ts';
import { stampOf } from './files.ts';
import { implementationOf, indexGraph, nodeOf } from './graph-index.ts';
import { inferDescription, inferInputs, inferOutputs } from './infer.ts';
import type { Inferring } from './infer.ts';
import type { Memory } from './memory.ts';
import { filesOf } from './open-run.ts';
import type { Answers, Graph, Question } from './protocol.ts';
import { quoteName } from './quoting.ts';
import { sampleOf } from './samples.ts';
import type { Session, SessionPool } from './session.ts';

/** How long a question may take, in milliseconds, before it is answered with a sentence. */
const BUDGET_MS = 10_000;
const DIFFERENCE_MS = 600_000;
const TEST_MS = 20_000;

async function allColumns(asked: Inferring): Promise<Answers['columns']> {
  const found: Record<string, Record<string, readonly Column[]>> = {};
  for (const node of asked.index.graph.nodes) {
    // A node that is not configured yet, or stands behind one, is left out: the others can still be known.
    const outputs = await inferOutputs(asked, node.id).catch(() => null);
    if (outputs !== null) found[node.id] = Object.fromEntries(Object.entries(outputs).map(([port, { columns }]) => [port, columns]));
  }
  return found;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Nulls, distinct values, smallest and largest of each column, over the rows of `table`. */
async function profileOf(asked: Inferring, table: string, columns: readonly Column[]): Promise<readonly ColumnProfile[]> {
  if (columns.length === 0) return [];
  const figures = columns.map(({ name, type }) => {
    const column = quoteName(name);
    const nested = /\[|STRUCT|MAP|UNION|JSON|VARIANT/.test(type);
    const ends = nested ? 'NULL, NULL' : `CAST(min(${column}) AS VARCHAR), CAST(max(${column}) AS VARCHAR)`;
    return `count(*) - count(${column}), count(DISTINCT ${nested ? `CAST(${column} AS VARCHAR)` : column}), ${ends}`;
  });
  const [row] = await asked.context.session.rows(`SELECT ${figures.join(', ')} FROM ${table}`);
  return columns.map(({ name, type }, index) => ({
    name,
    type,
    nulls: Number(row?.[index * 4] ?? 0),
    distinct: Number(row?.[index * 4 + 1] ?? 0),
    min: textOrNull(row?.[index * 4 + 2]),
    max: textOrNull(row?.[index * 4 + 3]),
  }));
}

async function preview(asked: Inferring, id: NodeId, port: string, limit: number): Promise<Answers['preview']> {
  let shown: Input | undefined;
  const { description, inputs } = await inferDescription(asked, id);
  if (description?.write !== undefined) {
    const { select } = description.write;
    shown = { sql: `(${select})`, columns: await contextFor(asked.context, id).columns(select) };
  } else if (description === null) [shown] = Object.values(inputs);
  else shown = (await inferOutputs(asked, id))[port] ?? Object.values(await inferOutputs(asked, id))[0];
  if (shown === undefined) throw new StudioError('unsupported', 'This node shows rows only after it has run.', { place: id, remedy: 'Run the workflow to see them.' });
  const { session } = asked.context;
  await session.run(`CREATE OR REPLACE TEMP TABLE preview_rows AS SELECT * FROM ${shown.sql} LIMIT ${limit + 1}`);
  const rows = await sampleOf(session, 'SELECT * FROM temp.preview_rows', shown.columns, limit);
  const [[total] = [0]] = await session.rows('SELECT count(*) FROM temp.preview_rows');
  const profile = await profileOf(asked, `(SELECT * FROM temp.preview_rows LIMIT ${limit})`, shown.columns);
  await session.run('DROP TABLE temp.preview_rows');
  const sample: Sample = { columns: [...shown.columns], rows: [...rows], partial: Number(total) > limit };
  return { sample, profile };
}

/** A query node's ports are its tables. */
const tableOf = (port: string): string => (port === 'in' ? 'input' : port);

/** The text as its node will put it: `> 50` is about `value`, and a query has its parameters' values. */
function meant({ index, registry }: Inferring, { node: id, text, scope }: Extract<Question, { kind: 'expression' }>, ports: readonly string[]): string {
  const node = nodeOf(index, id);
  const implementation = implementationOf(registry, node);
  const param = implementation.spec.params.find(({ widget }) => widget.kind === 'expression' && widget.scope === scope && scope !== 'scalar');
  if (param === undefined) return text;
  return implementation.texts?.({ ...node.config, [param.name]: text }, new Set(ports)).find((one) => one.field === param.name)?.text ?? text;
}

async function tryExpression(asked: Inferring, question: Extract<Question, { kind: 'expression' }>): Promise<Answers['expression']> {
  const { session } = asked.context;
  const { scope } = question;
  const checks = checksOf(session, asked.context.memory);
  const inputs = await inferInputs(asked, question.node);
  const names = Object.keys(inputs);
  const text = meant(asked, question, names);
  let select: string;
  if (scope === 'query') {
    await checks.checkQuery(text, 'query', names.map(tableOf));
    select = `WITH ${names.map((name) => `${quoteName(tableOf(name))} AS (SELECT * FROM ${inputs[name]?.sql})`).join(', ')} SELECT * FROM (${text}\n)`;
  } else {
    await checks.checkExpression(text, 'expression');
    const [input] = Object.values(inputs);
    select = `SELECT (${text}\n) AS result${input === undefined ? '' : ` FROM ${input.sql}`}`;
  }
  try {
    const columns = await session.columns(select);
    const [first] = columns;
    const rows = await sampleOf(session, select, columns, question.limit);
    const values = scope === 'query' ? rows.map((row) => row.map((value) => value ?? 'NULL').join(', ')) : rows.map((row) => row[0] ?? null);
    return { type: scope === 'query' ? columns.map((column) => `${column.name} ${column.type}`).join(', ') : (first?.type ?? ''), values };
  } catch (error) {
    throw atField(error, scope === 'query' ? 'query' : 'expression');
  }
}

function reply(asked: Inferring, question: GraphQuestion): Promise<Answers[GraphQuestion['kind']]> {
  switch (question.kind) {
    case 'columns':
      return allColumns(asked);
    case 'preview':
      return preview(asked, question.node, question.port, question.limit);
    case 'expression':
      return tryExpression(asked, question);
    default:
      return assertNever(question);
  }
}

type GraphQuestion = Extract<Question, { graph: Graph }>;
interface Limits {
  readonly scratch: string;
  readonly memoryLimitMb: number;
}

/** Interrupts what takes longer; then `late` says so. */
async function within<T>(session: Session, ms: number, late: StudioError, work: () => Promise<T>): Promise<T> {
  let isLate = false;
  const timer = setInterval(() => {
    isLate = true;
    session.connection.interrupt();
  }, ms);
  try {
    await session.setCountable(false);
    return await work();
  } catch (error) {
    throw isLate ? late : explainFailure(error);
  } finally {
    clearInterval(timer);
  }
}

/** A person who edits a pinned node's expression wants it tried on the rows that it would have. */
function graphOf(question: GraphQuestion): Graph {
  const { graph } = question;
  return question.kind === 'expression' ? { ...graph, nodes: graph.nodes.map((node) => (node.id === question.node ? { ...node, pin: undefined } : node)) } : graph;
}

async function answerInGraph(question: GraphQuestion, limits: Limits, registry: Registry, sessions: SessionPool, memory: Memory, connection: RunContext['connection']): Promise<Answers[GraphQuestion['kind']]> {
  const index = indexGraph(graphOf(question));
  const requestedAt = new Date();
  const { reads } = filesOf(index, registry, [...index.nodes.keys()], { requestedAt, runId: 'preview' });
  const session = await sessions.take({ reads, writes: [], ...limits, threads: 1 });
  const stamp = `ask ${stampOf(reads)}`;
  const context: RunContext = { session, memory, runId: 'preview', requestedAt, folder: index.graph.folder, connection, scratch: join(limits.scratch, `preview-${process.pid}`), stamp: () => stamp };
  const late = new StudioError('timeout', 'Looking at the first rows took longer than ten seconds.', { remedy: 'Run the workflow to see them.' });
  try {
    return await within(session, BUDGET_MS, late, () => reply({ context, registry, index, outputs: new Map() }, question));
  } finally {
    rmSync(context.scratch, { recursive: true, force: true });
  }
}

/** A server that answers nothing must not keep whoever asks waiting. */
async function testConnection({ connection, folder }: Extract<Question, { kind: 'test' }>): Promise<TestReport> {
  const connector = await connectorOf(connection.kind);
  return connector.test(connection, { signal: AbortSignal.timeout(TEST_MS), resolve: (path) => resolveIn(folder, path) });
}

/** Questions that need no run: about a graph from its first rows within ten seconds, about two outputs within ten minutes. Throws StudioError. */
export async function answer(question: Question, limits: Limits, registry: Registry, sessions: SessionPool, memory: Memory, connection: RunContext['connection']): Promise<Answers[Question['kind']]> {
  if (question.kind === 'test') return testConnection(question);
  if (question.kind !== 'difference') return answerInGraph(question, limits, registry, sessions, memory, connection);
  const reads = [question.left, question.right].flatMap((source) => (source.kind === 'file' ? [source.path] : []));
  const session = await sessions.take({ reads, writes: [], ...limits, threads: 2 });
  return within(session, DIFFERENCE_MS, new StudioError('timeout', 'Comparing the rows took longer than ten minutes.'), () => differenceOf(session, question));
}
