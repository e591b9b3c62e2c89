import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { StudioError } from '#shared/errors';
import type { Batch, Input, StreamContext, StreamingNode } from '../nodes/define.ts';
import type { JsonObject } from '#shared/json';
import { BATCH_ROWS, readBatches, TableWriter } from './border.ts';
import type { Compiled, Step } from './compile.ts';
import { contextFor } from './context.ts';
import { explainFailure } from './failures.ts';
import { tableName, tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { countSteps, readProfile } from './profile.ts';
import { watchProgress } from './progress.ts';
import type { Seen } from './progress.ts';
import { quoteText } from './quoting.ts';
import { intend } from './effects.ts';
import type { Intent, Turn } from './effects.ts';
import type { Ended } from './ended.ts';
import type { Output, Send } from './protocol.ts';
import { RUN_SCHEMA } from './session.ts';
import { stage } from './staging.ts';
import type { Staged } from './staging.ts';
import { throwIfCancelled } from './statements.ts';
import { untilAborted } from './until-aborted.ts';

/** What a stream node did besides passing rows on. */
interface Doings {
  readonly report: Record<string, number>;
  readonly staged: Staged[];
  afterwards?: JsonObject;
}

/** Lines of one node are sent together, not one message each. */
const LINES_A_MESSAGE = 200;

function lineSender(run: OpenRun, step: Step, send: Send): { readonly line: (text: string) => void; readonly flush: () => void } {
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) send({ kind: 'console', runId: run.job.runId, node: step.node, lines });
    lines = [];
  };
  return { line: (text) => (lines.push(text) >= LINES_A_MESSAGE ? flush() : undefined), flush };
}

function streamContext(run: OpenRun, step: Step, doings: Doings, line: (text: string) => void, turn: Turn): StreamContext {
  const context = contextFor(run.context, step.node);
  return Object.assign(Object.create(context) as typeof context, {
    signal: run.abort.signal,
    stage: (path: string) => {
      const staged = stage(path, false);
      doings.staged.push(staged);
      return staged.target;
    },
    report: (label: string, count: number) => {
      doings.report[label] = (doings.report[label] ?? 0) + count;
    },
    console: line,
    afterwards: (what: JsonObject) => void (doings.afterwards = what),
    earlier: run.job.past.find((one) => one.node === step.node)?.afterwards ?? null,
    attempt: turn.attempt,
    intend: async (intent: Intent) => void (await intend(run, turn, step.node, intent)),
  });
}

async function* counted(batches: AsyncIterable<Batch>, seen: Seen): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    seen.rowsIn += batch.rows.length;
    yield batch;
  }
}

interface Feed {
  readonly batches: AsyncIterable<Batch>;
  /** The profile of the statement that fed the node; readable when the node has ended. */
  readonly profile: () => Promise<ReturnType<typeof readProfile>>;
}

async function feed(run: OpenRun, reader: DuckDBConnection, input: Input, batchRows: number, seen: Seen): Promise<Feed> {
  const { session } = run;
  mkdirSync(session.limits.scratch, { recursive: true });
  const file = join(session.limits.scratch, `profile-${process.pid}.json`);
  await reader.run(`SET enable_profiling = 'json'; SET profiling_output = ${quoteText(file)}`);
  const result = await reader.stream(`SELECT * FROM ${input.sql}`);
  return {
    batches: counted(readBatches(result, batchRows, run.abort.signal, input.columns), seen),
    profile: async () => {
      await reader.run('PRAGMA disable_profiling');
      const stages = existsSync(file) ? readProfile(readFileSync(file, 'utf8')) : [];
      rmSync(file, { force: true });
      return stages;
    },
  };
}

/**
 * Runs a JavaScript node: its input streams out of DuckDB in batches, its output is appended to a table, and neither side runs ahead
 * of the other. `keep` remembers the table under its port.
 */
export async function runStream(run: OpenRun, compiled: Compiled, ports: readonly string[], turn: Turn, keep: (port: string, table: string) => Promise<number>, batchRows = BATCH_ROWS): Promise<Ended> {
  const step = compiled.steps.at(-1);
  if (step === undefined || !('stream' in step.implementation)) throw new StudioError('internal', 'A segment without a JavaScript node was to be streamed.');
  const node: StreamingNode<JsonObject> = step.implementation;
  const port = ports[0] ?? node.spec.outputs[0]?.name;
  const doings: Doings = { report: {}, staged: [] };
  const { send } = turn;
  const lines = lineSender(run, step, send);
  const seen: Seen = { rowsIn: 0, rowsOut: 0 };
  const [reader, writerConnection] = [await run.session.connect(), await run.session.connect()];
  const unwatch = watchProgress(run, compiled, send, seen, reader);
  const writer = new TableWriter(writerConnection, RUN_SCHEMA, tableName(step.node, port ?? 'out'));
  const [input] = Object.values(step.inputs);
  const interrupt = (): void => {
    run.session.connection.interrupt();
    reader.interrupt();
    writerConnection.interrupt();
  };
  run.interrupts.add(interrupt);
  let fed: Feed | null = null;
  try {
    throwIfCancelled(run);
    fed = input === undefined ? null : await feed(run, reader, input, batchRows, seen);
    const output = node.stream(step.config, fed?.batches ?? null, streamContext(run, step, doings, lines.line, turn));
    for await (const batch of untilAborted(output, run.abort.signal)) {
      seen.rowsOut += batch.rows.length;
      if (ports.length > 0) await writer.write(batch);
    }
    throwIfCancelled(run);
    const stages = (await fed?.profile()) ?? [];
    fed = null;
    const rowsOut: Record<string, number> = {};
    if (ports.length > 0 && port !== undefined) {
      await writer.close(input?.columns ?? []);
      rowsOut[port] = await keep(port, tableSql(step.node, port));
    } else if (port !== undefined) rowsOut[port] = seen.rowsOut;
    const outputs: Output[] = [];
    for (const staged of doings.staged) {
      const mark = await staged.commit();
      if (mark !== null) outputs.push({ node: step.node, path: staged.path, port: null, hash: null, rows: seen.rowsIn, bytes: mark.bytes, mark });
    }
    const counts = stages.length === 0 ? compiled.steps.map(() => ({ rowsIn: seen.rowsIn, rowsOut: seen.rowsOut, share: 1 })) : await countSteps(run, compiled, stages);
    const exact = counts.map((count, index) => (index === counts.length - 1 ? { ...count, rowsIn: seen.rowsIn } : count));
    return { counts: exact, rowsOut, outputs, report: doings.report, ...(doings.afterwards === undefined ? {} : { afterwards: doings.afterwards }) };
  } catch (error) {
    for (const staged of doings.staged) staged.discard();
    throwIfCancelled(run);
    throw explainFailure(error);
  } finally {
    run.interrupts.delete(interrupt);
    unwatch();
    lines.flush();
    await fed?.profile().catch(() => []);
    reader.closeSync();
    writerConnection.closeSync();
  }
}
