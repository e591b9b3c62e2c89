import { StudioError, toErrorInfo } from '#shared/errors';
import type { RunId } from '#shared/ids';
import { ERROR_PORT } from '#shared/workflow/graph';
import { createAsked } from '../connectors/asked.ts';
import { createVeil } from '../connectors/veil.ts';
import type { Veil } from '../connectors/veil.ts';
import type { Registry } from '../nodes/registry.ts';
import { answer } from './ask.ts';
import { checkTexts } from './check-texts.ts';
import { Blamed } from './compile.ts';
import type { RunContext } from './context.ts';
import { proceed } from './effects.ts';
import { failureTable } from './inputs.ts';
import { createMemory } from './memory.ts';
import { cancelRun, closeRun, openRun, tableKey } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { standingOf } from './opening.ts';
import type { FromWorker, Standing, ToWorker } from './protocol.ts';
import { runSegment } from './run-segment.ts';
import type { SegmentResult } from './run-segment.ts';
import { sampleOf, samplesOf } from './samples.ts';
import { settleNode } from './settle.ts';
import { SessionPool } from './session.ts';
import { veiled, veiledAnswer } from './veiled.ts';

/** A worker with nobody to talk to yet: messages go in by `receive`, and out by the `send` it was made with. */
export interface WorkerLoop {
  receive(message: ToWorker): void;
  close(): Promise<void>;
}

/** A worker that nobody asks for anything for so long, in milliseconds, uses the time for samples. */
const IDLE_MS = 30;
/** How long samples may keep a run from being closed, in milliseconds: the next one is waiting. Those that have not come by then are not missed. */
const CLOSING_MS = 8_000;

/** Answers messages one after the other; only a cancel, a `proceed` and a `connection` overtake. Nothing secret in a connection leaves by what it says. Samples wait until nothing else is to be done, or the run closes. */
export function createWorkerLoop(registry: Registry, post: (message: FromWorker) => void, closingMs = CLOSING_MS, veil: Veil = createVeil()): WorkerLoop {
  const send = (message: FromWorker): void => post(veiled(message, veil));
  const asked = createAsked(post, (connection) => veil.add(connection));
  const connection: RunContext['connection'] = (name, kinds) => asked.connection(name, kinds);
  const sessions = new SessionPool();
  const memory = createMemory();
  const runs = new Map<RunId, OpenRun>();
  const failedToOpen = new Map<RunId, unknown>();
  const cancelled = new Set<RunId>();
  const unsampled: { readonly run: OpenRun; readonly result: SegmentResult }[] = [];
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  const mayGoOn = (closing: boolean): boolean => unsampled.length > 0 && (closing || waiting === 0);

  async function sampleAll(closing: boolean): Promise<void> {
    const until = closing ? performance.now() + closingMs : Number.POSITIVE_INFINITY;
    while (mayGoOn(closing) && performance.now() < until) {
      const next = unsampled.shift();
      if (next === undefined || next.run.abort.signal.aborted) continue;
      try {
        for await (const found of samplesOf(next.run, next.result.compiled, next.result.nodes)) {
          send({ kind: 'sample', runId: next.run.job.runId, ...found });
          if (performance.now() > until) break;
        }
      } catch {
        // A sample that can't be had is a sample that isn't there; the run has succeeded all the same.
      }
    }
  }

  async function segment(message: Extract<ToWorker, { kind: 'segment' }>): Promise<void> {
    const startedAt = performance.now();
    const run = runs.get(message.runId);
    const place = { runId: message.runId, segment: message.segment, attempt: message.attempt };
    const planned = run?.segments.get(message.segment);
    try {
      if (run === undefined || planned === undefined) throw failedToOpen.get(message.runId) ?? new StudioError('not_found', `The worker knows no segment “${message.segment}” of that run.`);
      const result = await runSegment(run, planned, message.attempt, send);
      unsampled.push({ run, result });
      send({ kind: 'done', ...place, nodes: result.nodes, outputs: result.outputs });
    } catch (error) {
      const node = error instanceof Blamed ? error.node : (planned?.end.node ?? (message.segment as never));
      send({ kind: 'failed', ...place, node, durationMs: performance.now() - startedAt, error: toErrorInfo(error instanceof Blamed ? error.error : error) });
    }
  }

  const handlers: { readonly [K in ToWorker['kind']]: (message: Extract<ToWorker, { kind: K }>) => Promise<void> } = {
    open: async ({ job }) => {
      let standing: Standing = { steady: [], restored: [] };
      try {
        const run = await openRun(job, registry, sessions, memory, connection);
        runs.set(job.runId, run);
        if (cancelled.has(job.runId)) cancelRun(run);
        standing = await standingOf(run);
      } catch (error) {
        failedToOpen.set(job.runId, error);
      }
      if (job.past.length > 0 || job.diverted.length > 0) send({ kind: 'opened', runId: job.runId, standing });
    },
    segment,
    settle: async ({ runId, node, what }) => {
      const error = await settleNode(runs.get(runId), node, what).then(() => null, toErrorInfo);
      send({ kind: 'settled', runId, node, error });
    },
    divert: async ({ runId, node, error }) => {
      const run = runs.get(runId);
      if (run === undefined) return;
      run.forget(tableKey(node, ERROR_PORT));
      run.diverted.set(node, error);
      const table = await failureTable(run, node);
      if (table === null) return;
      const rows = await sampleOf(run.session, `SELECT * FROM ${table.sql}`, table.columns, 1);
      send({ kind: 'sample', runId, node, port: ERROR_PORT, sample: { columns: [...table.columns], rows: [...rows], partial: false } });
    },
    // These three overtake what waits: see `receive`.
    proceed: async () => undefined,
    cancel: async () => undefined,
    connection: async () => undefined,
    close: async ({ runId }) => {
      const run = runs.get(runId);
      if (run !== undefined) {
        await sampleAll(true);
        unsampled.splice(0);
        runs.delete(runId);
        await closeRun(run).catch(() => undefined);
      }
      failedToOpen.delete(runId);
      cancelled.delete(runId);
      send({ kind: 'closed', runId });
    },
    ask: async ({ id, question, scratch, memoryLimitMb }) => {
      try {
        if (question.kind === 'test') veil.add(question.connection);
        const limits = { scratch, memoryLimitMb };
        const value = question.kind === 'texts' ? await checkTexts(question, limits, registry, sessions, memory) : await answer(question, limits, registry, sessions, memory, connection);
        post({ kind: 'answer', id, ok: true, value: veiledAnswer(question.kind, value, veil) });
      } catch (error) {
        send({ kind: 'answer', id, ok: false, error: toErrorInfo(error) });
      }
    },
  };

  async function inTurn(before: Promise<void>, work: () => Promise<void>): Promise<void> {
    await before;
    await work().catch(() => undefined);
    waiting -= 1;
    if (!mayGoOn(false)) return;
    setTimeout(() => {
      if (!mayGoOn(false)) return;
      waiting += 1;
      last = inTurn(last, async () => {
        waiting -= 1;
        await sampleAll(false);
        waiting += 1;
      });
    }, IDLE_MS).unref();
  }

  return {
    receive(message) {
      if (message.kind === 'cancel') {
        cancelled.add(message.runId);
        const run = runs.get(message.runId);
        if (run !== undefined) cancelRun(run);
        return;
      }
      if (message.kind === 'connection') return asked.receive(message);
      if (message.kind === 'proceed') {
        const run = runs.get(message.runId);
        if (run !== undefined) proceed(run, message.effect);
        return;
      }
      waiting += 1;
      const handle = handlers[message.kind] as (message: ToWorker) => Promise<void>;
      last = inTurn(last, () => handle(message));
    },
    async close() {
      for (const run of runs.values()) cancelRun(run);
      await last;
      await sessions.close();
    },
  };
}
