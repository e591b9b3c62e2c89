import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, ColumnProfile, Sample } from '#shared/data';
import { StudioError, assertNever } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { Description, Input, Inputs } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { unionOf } from './compile.ts';
import { checksOf, contextFor } from './context.ts';
import type { RunContext } from './context.ts';
import { atField, explainFailure } from './failures.ts';
import { stampOf } from './files.ts';
import type { Memory } from './memory.ts';
import { filesOf, implementationOf, nodeOf } from './open-run.ts';
import type { Answers, Graph, Question } from './protocol.ts';
import { quoteName } from './quoting.ts';
import { sampleOf } from './samples.ts';
import type { SessionPool } from './session.ts';

/** How long a question may take, in milliseconds, before it is answered with a sentence. */
const BUDGET_MS = 10_000;
/** Rows of a source that a preview looks through. */
const LOOKED_AT = 20_000;

interface Asked {
  readonly context: RunContext;
  readonly registry: Registry;
  readonly graph: Graph;
  readonly outputs: Map<NodeId, Promise<Readonly<Record<string, Input>>>>;
}

async function inputsOf(asked: Asked, id: NodeId): Promise<Inputs> {
  const inputs: Record<string, Input> = {};
  const edges = asked.graph.edges.filter((edge) => edge.target === id);
  for (const port of new Set(edges.map((edge) => edge.targetPort))) {
    const relations: Input[] = [];
    for (const edge of edges.filter((one) => one.targetPort === port)) {
      const found = (await outputsOf(asked, edge.source))[edge.sourcePort];
      if (found === undefined) throw new StudioError('node_failed', `“${edge.source}” gives nothing at its port “${edge.sourcePort}” before it has run.`, { place: id });
      relations.push(found);
    }
    const [only, ...more] = relations;
    if (only === undefined) continue;
    const union = unionOf(relations.map((one) => one.sql));
    inputs[port] = more.length === 0 ? only : { sql: union, columns: await contextFor(asked.context, id).columns(`SELECT * FROM ${union}`) };
  }
  return inputs;
}

async function describe(asked: Asked, id: NodeId): Promise<{ readonly description: Description | null; readonly inputs: Inputs }> {
  const node = nodeOf(asked.graph, id);
  const implementation = implementationOf(asked.registry, node);
  const inputs = await inputsOf(asked, id);
  if (!('describe' in implementation) || implementation.fusing(node.config) === 'stream') return { description: null, inputs };
  return { description: await implementation.describe(node.config, inputs, contextFor(asked.context, id)), inputs };
}

async function makeOutputs(asked: Asked, id: NodeId): Promise<Readonly<Record<string, Input>>> {
  const { description } = await describe(asked, id);
  const isSource = !asked.graph.edges.some((edge) => edge.target === id);
  const found: Record<string, Input> = {};
  for (const [port, select] of Object.entries(description?.outputs ?? {})) {
    const columns = await contextFor(asked.context, id).columns(select);
    // Only the first rows of a source are looked at, so that a question stays short however long the file is.
    found[port] = { sql: isSource ? `(SELECT * FROM (${select}) LIMIT ${LOOKED_AT})` : `(${select})`, columns };
  }
  return found;
}

function outputsOf(asked: Asked, id: NodeId): Promise<Readonly<Record<string, Input>>> {
  const known = asked.outputs.get(id);
  if (known !== undefined) return known;
  const made = makeOutputs(asked, id);
  asked.outputs.set(id, made);
  made.catch(() => undefined);
  return made;
}

async function allColumns(asked: Asked): Promise<Answers['columns']> {
  const found: Record<string, Record<string, readonly Column[]>> = {};
  for (const node of asked.graph.nodes) {
    // A node that is not configured yet, or stands behind one, is left out: the others can still be known.
    const outputs = await outputsOf(asked, node.id).catch(() => null);
    if (outputs !== null) found[node.id] = Object.fromEntries(Object.entries(outputs).map(([port, { columns }]) => [port, columns]));
  }
  return found;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Nulls, distinct values, smallest and largest of each column, over the rows of `table`. */
async function profileOf(asked: Asked, table: string, columns: readonly Column[]): Promise<readonly ColumnProfile[]> {
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

async function preview(asked: Asked, id: NodeId, port: string, limit: number): Promise<Answers['preview']> {
  let shown: Input | undefined;
  const { description, inputs } = await describe(asked, id);
  if (description?.write !== undefined) {
    const { select } = description.write;
    shown = { sql: `(${select})`, columns: await contextFor(asked.context, id).columns(select) };
  } else if (description === null) [shown] = Object.values(inputs);
  else shown = (await outputsOf(asked, id))[port] ?? Object.values(await outputsOf(asked, id))[0];
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
function meant({ graph, registry }: Asked, { node: id, text, scope }: Extract<Question, { kind: 'expression' }>, ports: readonly string[]): string {
  const node = nodeOf(graph, id);
  const implementation = implementationOf(registry, node);
  const param = implementation.spec.params.find(({ widget }) => widget.kind === 'expression' && widget.scope === scope && scope !== 'scalar');
  if (param === undefined) return text;
  return implementation.texts?.({ ...node.config, [param.name]: text }, new Set(ports)).find((one) => one.field === param.name)?.text ?? text;
}

async function tryExpression(asked: Asked, question: Extract<Question, { kind: 'expression' }>): Promise<Answers['expression']> {
  const { session } = asked.context;
  const { scope } = question;
  const checks = checksOf(session, asked.context.memory);
  const inputs = await inputsOf(asked, question.node);
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

function reply(asked: Asked, question: Question): Promise<Answers[Question['kind']]> {
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

/** Questions in one graph, answered without running it: first rows only, ten seconds at most. Throws StudioError. */
export async function answer(question: Question, limits: { readonly scratch: string; readonly memoryLimitMb: number }, registry: Registry, sessions: SessionPool, memory: Memory): Promise<Answers[Question['kind']]> {
  const { graph } = question;
  const requestedAt = new Date();
  const { reads } = filesOf(graph, registry, graph.nodes.map((node) => node.id), { requestedAt, runId: 'preview' });
  const session = await sessions.take({ reads, writes: [], scratch: limits.scratch, memoryLimitMb: limits.memoryLimitMb, threads: 1 });
  const stamp = `ask ${stampOf(reads)}`;
  const context: RunContext = { session, memory, runId: 'preview', requestedAt, folder: graph.folder, scratch: join(limits.scratch, `preview-${process.pid}`), stamp: () => stamp };
  const asked: Asked = { context, registry, graph, outputs: new Map() };
  let late = false;
  const timer = setInterval(() => {
    late = true;
    session.connection.interrupt();
  }, BUDGET_MS);
  try {
    await session.setCountable(false);
    return await reply(asked, question);
  } catch (error) {
    if (late) throw new StudioError('timeout', 'Looking at the first rows took longer than ten seconds.', { remedy: 'Run the workflow to see them.' });
    throw explainFailure(error);
  } finally {
    clearInterval(timer);
    rmSync(context.scratch, { recursive: true, force: true });
  }
}
