import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import type { JsonObject } from '#shared/json';
import { defaultConfig } from './graphs.testing.ts';
import type { AnyNode, Input, StreamContext, Write } from '../nodes/define.ts';
import { BATCH_ROWS, readBatches, TableWriter } from './border.ts';
import { contextFor, resolveIn } from './context.ts';
import type { RunContext } from './context.ts';
import { expandFiles } from './files.ts';
import { explainFailure } from './failures.ts';
import { createMemory } from './memory.ts';
import { quoteName, quoteText } from './quoting.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';
import { consoleLines } from './console-lines.ts';

/** Rows as objects (columns in the order of the first one's keys), or a SELECT. */
export type TestRows = readonly Readonly<Record<string, unknown>>[] | string;

export interface NodeOutcome {
  /** By port. Values are DuckDB's own text, NULL is null. */
  readonly outputs: Readonly<Record<string, { readonly columns: readonly Column[]; readonly rows: readonly (readonly (string | null)[])[] }>>;
  /** Every file of the folder by its name, as text. */
  readonly files: Readonly<Record<string, string>>;
  readonly console: readonly string[];
  readonly report: Readonly<Record<string, number>>;
  readonly expectedRows: number | undefined;
  /** What it said it was about to do outside, in order. */
  readonly intents: readonly string[];
  /** What it has asked to be done after the run's work. */
  readonly afterwards: JsonObject | null;
  readonly folder: string;
}

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return Number.isFinite(value) ? (Number.isInteger(value) ? String(value) : `${value}::DOUBLE`) : `'${value}'::DOUBLE`;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `TIMESTAMP ${quoteText(value.toISOString().replace('T', ' ').replace('Z', ''))}`;
  return quoteText(typeof value === 'string' ? value : JSON.stringify(value));
};

function selectOf(rows: TestRows): string {
  if (typeof rows === 'string') return rows;
  const names = Object.keys(rows[0] ?? { value: null });
  const body = rows.map((row) => `SELECT ${names.map((name) => `${literal(row[name])} AS ${quoteName(name)}`).join(', ')}`).join(' UNION ALL ');
  return rows.length === 0 ? 'SELECT NULL::VARCHAR AS "value" WHERE false' : body;
}

async function asText(session: Session, select: string): Promise<{ columns: readonly Column[]; rows: readonly (readonly (string | null)[])[] }> {
  const columns = await session.columns(select);
  const rows = await session.rows(`SELECT ${columns.map((column) => `CAST(${quoteName(column.name)} AS VARCHAR)`).join(', ')} FROM (${select})`);
  return { columns, rows: rows as readonly (readonly (string | null)[])[] };
}

function filesUnder(folder: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== '.scratch') Object.assign(found, filesUnder(folder, name));
    else if (entry.isFile()) found[name] = readFileSync(join(folder, name), 'utf8');
  }
  return found;
}

const givenConnections = (connections: readonly OpenConnection[]): RunContext['connection'] => async (name) => {
  const found = connections.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The test has no connection called ${name}.`);
  return found;
};

/** A fresh folder for a test's files. */
export const testFolder = (): string => mkdtempSync(join(tmpdir(), 'millrace-node-'));

async function writeOut(session: Session, write: Write, line: (text: string) => void): Promise<void> {
  if (write.kind === 'console') {
    for (const text of await consoleLines(session, write)) line(text);
    return;
  }
  const staged = `${write.path}.part`;
  await session.run(`COPY (${write.select}) TO ${quoteText(staged)} (${write.options})`);
  renameSync(staged, write.path);
}

/**
 * Runs one node alone, in this process, on a real DuckDB session: what a test of a node needs and no more. Config gets its defaults.
 * Throws what the node throws, explained. `folder` is the workflow's; it is made and removed unless one is given.
 */
export async function runNode(
  node: AnyNode,
  config: JsonObject,
  given: { readonly inputs?: Readonly<Record<string, TestRows>>; readonly folder?: string; readonly requestedAt?: Date; readonly attempt?: number; readonly earlier?: JsonObject; readonly connections?: readonly OpenConnection[]; readonly signal?: AbortSignal; readonly intend?: (intent: Parameters<StreamContext['intend']>[0]) => void } = {},
): Promise<NodeOutcome> {
  const folder = given.folder ?? testFolder();
  const full = defaultConfig(node.spec, config);
  const requestedAt = given.requestedAt ?? new Date('2026-03-04T05:06:07Z');
  const runId = 'run-test';
  const resolve = (path: string): string => resolveIn(folder, path);
  const scratch = join(folder, '.scratch');
  const named = node.files?.(full, { resolve, requestedAt, runId }) ?? {};
  const reads = (named.reads ?? []).map(resolve);
  const writes = (named.writes ?? []).map(resolve);
  const session = await openSession({
    reads: expandFiles(reads),
    writes: writes.flatMap((path) => [path, `${path}.part`]),
    scratch,
    memoryLimitMb: 512,
    threads: 2,
  });
  const lines: string[] = [];
  const intents: string[] = [];
  let afterwards: JsonObject | null = null;
  const report: Record<string, number> = {};
  try {
    const run: RunContext = { session, memory: createMemory(), runId, requestedAt, folder, connection: givenConnections(given.connections ?? []), scratch: join(scratch, runId), stamp: () => '' };
    const context = contextFor(run, 'node');
    const inputs: Record<string, Input> = {};
    for (const [port, rows] of Object.entries(given.inputs ?? {})) {
      const sql = `run.${quoteName(`input ${port}`)}`;
      await session.run(`CREATE TABLE ${sql} AS ${selectOf(rows)}`);
      inputs[port] = { sql, columns: await session.columns(`FROM ${sql}`) };
    }
    const outputs: Record<string, NodeOutcome['outputs'][string]> = {};
    let expectedRows: number | undefined;
    if ('describe' in node && !('stream' in node && node.fusing(full) === 'stream')) {
      const description = await node.describe(full, inputs, context);
      expectedRows = description.expectedRows;
      for (const [port, select] of Object.entries(description.outputs ?? {})) outputs[port] = await asText(session, select);
      if (description.write !== undefined) await writeOut(session, description.write, (text) => lines.push(text));
      for (const [label, select] of Object.entries(description.report ?? {})) report[label] = Number((await session.rows(select))[0]?.[0] ?? 0);
      Object.assign(report, description.counted);
      lines.push(...(description.notices ?? []));
    } else if ('stream' in node) {
      const writer = await session.connect();
      const table = new TableWriter(writer, 'run', 'out');
      const staged: string[] = [];
      const stream: StreamContext = Object.assign(Object.create(context) as typeof context, {
        signal: given.signal ?? new AbortController().signal,
        attempt: given.attempt ?? 1,
        stage: (path: string) => {
          staged.push(path);
          return `${path}.part`;
        },
        report: (label: string, count: number) => {
          report[label] = (report[label] ?? 0) + count;
        },
        console: (line: string) => lines.push(line),
        intend: async (intent: Parameters<StreamContext['intend']>[0]) => {
          intents.push(intent.what);
          given.intend?.(intent);
        },
        afterwards: (what: JsonObject) => void (afterwards = what),
        earlier: given.earlier ?? null,
      });
      const input = inputs['in'];
      const rows = input === undefined ? null : readBatches(await session.connection.stream(`FROM ${input.sql}`), BATCH_ROWS, undefined, input.columns);
      try {
        for await (const batch of node.stream(full, rows, stream)) await table.write(batch);
        for (const path of staged) if (existsSync(`${path}.part`)) renameSync(`${path}.part`, path);
      } catch (error) {
        for (const path of staged) rmSync(`${path}.part`, { force: true });
        throw error;
      }
      const [port] = node.spec.outputs;
      if (port !== undefined) {
        await table.close([]);
        outputs[port.name] = await asText(session, 'FROM run.out');
      }
      writer.closeSync();
    }
    return { outputs, files: filesUnder(folder), console: lines, report, expectedRows, intents, afterwards, folder };
  } catch (error) {
    throw explainFailure(error);
  } finally {
    session.close();
    rmSync(scratch, { recursive: true, force: true });
    if (given.folder === undefined && existsSync(folder) && statSync(folder).isDirectory()) rmSync(folder, { recursive: true, force: true });
  }
}
