import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunUpdate } from '#shared/contract/runs';
import type { Settings } from '#shared/contract/studio';
import type { RunId } from '#shared/ids';
import { NodeId, WorkflowId } from '#shared/ids';
import { Workflow } from '#shared/workflow/workflow';
import type { FromWorker, Job, NodeResult, Standing, ToWorker } from '../dataplane/protocol.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Journal } from '../journal/journal.ts';
import { builtInNodes, specsOf } from '../nodes/registry.ts';
import type { Executor, RunRequest } from '../studio-types.ts';
import { createExecutor } from './executor.ts';
import { createPrepare } from './prepare.ts';
import type { Preparing } from './prepare.ts';
import type { WorkerPort } from './worker-port.ts';

/** A worker process that is none: it answers as its script says, and remembers what it was told. */
export interface FakeWorker {
  readonly heard: readonly ToWorker[];
  say(message: FromWorker): void;
  /** The process ends. */
  die(how: string): void;
}

/** The name under which it says that an output is kept. */
export const keptHash = (segment: string, port: string): string => createHash('sha256').update(`${segment}-${port}`).digest('hex');

type Segment = ToWorker & { readonly kind: 'segment' };
export interface Script {
  /** What it does with a segment; by default it is done at once. */
  readonly segment?: (worker: FakeWorker, message: Segment, job: Job) => void;
  /** What it finds of a past; by default all stands whose key its segment still has (see keyOf), with the rows that were kept. */
  readonly open?: (worker: FakeWorker, job: Job) => void;
  readonly proceed?: (worker: FakeWorker, message: ToWorker & { readonly kind: 'proceed' }, job: Job) => void;
  readonly cancel?: (worker: FakeWorker, last: Segment | undefined) => void;
  /** What it answers when a node is to do what it has asked for after the run's work; by default that it has done it. */
  readonly settle?: (worker: FakeWorker, message: ToWorker & { readonly kind: 'settle' }) => void;
  readonly close?: (worker: FakeWorker, run: RunId) => void;
  readonly ask?: (worker: FakeWorker, message: ToWorker & { readonly kind: 'ask' }) => void;
  /** Does it come up? */
  readonly ready?: boolean;
}

/** The same from run to run; null for what random.numbers feeds. */
export function keyOf(job: Job, node: NodeId): string | null {
  if (job.graph.nodes.find((one) => one.id === node)?.nodeType === 'random.numbers') return null;
  const above = job.graph.edges.filter((edge) => edge.target === node).map((edge) => keyOf(job, edge.source));
  return above.includes(null) ? null : `${node}(${above.join(',')})`;
}
const found = (job: Job): Standing => ({
  steady: job.past.filter(({ node, key }) => key !== null && key === keyOf(job, node)).map((one) => one.node),
  restored: job.past.filter(({ kept }) => kept.length > 0).map((one) => one.node),
});

export const doneWith = (message: Segment, job: Job, more: Partial<FromWorker & { kind: 'done' }> = {}): FromWorker => {
  const segment = job.plan.segments.find((one) => one.id === message.segment);
  const nodes = segment?.nodes ?? [];
  const outputs = (segment?.keeps ?? []).map((port) => ({ node: NodeId.parse(message.segment), path: null, port, hash: keptHash(message.segment, port), rows: 1, bytes: 10 }));
  return { kind: 'done', runId: message.runId, segment: message.segment, attempt: message.attempt, nodes: nodes.map((node): NodeResult => ({ node, rowsIn: 2, rowsOut: { out: 1 }, durationMs: 1, report: {}, key: node === message.segment ? keyOf(job, node) : null })), outputs, ...more };
};
export const failedWith = (message: Segment, node: string, code: 'io' | 'cancelled'): FromWorker => ({ kind: 'failed', runId: message.runId, segment: message.segment, attempt: message.attempt, node: NodeId.parse(node), durationMs: 1, error: { code, message: 'It broke.' } });

export function fakeWorkers(script: Script) {
  const workers: FakeWorker[] = [];
  const spawn = (): WorkerPort => {
    const heard: ToWorker[] = [];
    let toParent: ((message: FromWorker) => void) | undefined;
    let onExit: ((how: string) => void) | undefined;
    let job: Job | undefined;
    let alive = true;
    const worker: FakeWorker = {
      heard,
      say: (message) => queueMicrotask(() => alive && toParent?.(message)),
      die: (how) => {
        if (!alive) return;
        alive = false;
        queueMicrotask(() => onExit?.(how));
      },
    };
    workers.push(worker);
    if (script.ready !== false) worker.say({ kind: 'ready' });
    const lastSegment = (): Segment | undefined => heard.findLast((one) => one.kind === 'segment');
    return {
      pid: undefined,
      onMessage: (listener) => {
        toParent = listener;
      },
      onExit: (listener) => {
        onExit = listener;
      },
      kill: () => worker.die('signal SIGKILL'),
      send(message) {
        if (!alive) return;
        heard.push(message);
        if (message.kind === 'open') {
          job = message.job;
          if (job.past.length > 0 || job.diverted.length > 0) (script.open ?? ((one, held) => one.say({ kind: 'opened', runId: held.runId, standing: found(held) })))(worker, job);
        }
        if (message.kind === 'proceed' && job !== undefined) script.proceed?.(worker, message, job);
        if (message.kind === 'segment' && job !== undefined) (script.segment ?? ((one, said, held) => one.say(doneWith(said, held))))(worker, message, job);
        if (message.kind === 'cancel') (script.cancel ?? ((one, last) => last !== undefined && one.say(failedWith(last, last.segment, 'cancelled'))))(worker, lastSegment());
        if (message.kind === 'settle') (script.settle ?? ((one, { runId, node }) => one.say({ kind: 'settled', runId, node, error: null })))(worker, message);
        if (message.kind === 'close') (script.close ?? ((one, run) => one.say({ kind: 'closed', runId: run })))(worker, message.runId);
        if (message.kind === 'ask') script.ask?.(worker, message);
      },
    };
  };
  return { workers, spawn };
}

/** Over all worlds, so that two on one journal don't give the same id twice. */
let count = 0;

/** An executor on fake workers and a journal in memory. */
export function world(script: Script, more: { readonly workers?: number; readonly warm?: number; readonly journal?: Journal; readonly dataDir?: string; readonly clock?: () => number; readonly steady?: () => number; readonly check?: Preparing['check']; readonly settings?: Partial<Pick<Settings, 'workers' | 'maxConcurrentRuns'>>; readonly onSettings?: (listener: () => void) => () => void } = {}) {
  const dataDir = more.dataDir ?? mkdtempSync(join(tmpdir(), 'millrace-executor-'));
  const journal = more.journal ?? createMemoryJournal();
  const { workers, spawn } = fakeWorkers(script);
  const specs = specsOf(builtInNodes);
  let at = 1_000_000;
  const executor: Executor = createExecutor({
    journal,
    spawn,
    dataDir,
    prepare: createPrepare({ registry: builtInNodes, specs, check: more.check ?? (() => []), revisionOf: (workflow) => JSON.stringify(workflow) }),
    nodes: { registry: builtInNodes, specs },
    settings: () => ({ workers: more.workers ?? 1, maxConcurrentRuns: null, memoryLimitMb: null, folder: dataDir, ...more.settings }),
    ...(more.onSettings === undefined ? {} : { onSettings: more.onSettings }),
    machine: { cores: 2, memoryMb: 4096 },
    warm: more.warm ?? 1,
    clock: more.clock ?? (() => (at += 1)),
    ...(more.steady === undefined ? {} : { steady: more.steady }),
    chance: () => 0.5,
    ids: { run: () => `run${(count += 1)}`, event: () => `e${(count += 1)}` },
  });
  return {
    journal,
    workers,
    executor,
    dataDir,
    start: (workflow: Workflow, request: Partial<RunRequest> = {}) => executor.start({ workflow, file: null, folder: dataDir, trigger: { kind: 'manual' }, scope: { kind: 'all' }, ...request }),
    async close() {
      await executor.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const nodeTypes = { n: ['source', 'random.numbers'], m: ['transform', 'map.transform'], sum: ['transform', 'aggregate.sum'], log: ['sink', 'console.log'] } as const;

/** n → m → sum → log: two segments, n+m+sum and log. */
export const small = (more: Readonly<Record<string, object>> = {}, id = 'small', settings: object = {}): Workflow =>
  Workflow.parse({
    formatVersion: 1,
    id: WorkflowId.parse(id),
    name: id,
    settings,
    nodes: Object.entries(nodeTypes).map(([name, [type, nodeType]]) => ({ id: name, type, nodeType, config: {}, ...more[name] })),
    edges: ['n>m', 'm>sum', 'sum>log'].map((text) => ({ id: text, source: text.split('>')[0], target: text.split('>')[1] })),
  });

/** All a watcher hears, until the run has ended. */
export async function heardBy(watched: AsyncIterable<RunUpdate>): Promise<readonly RunUpdate[]> {
  const heard: RunUpdate[] = [];
  for await (const update of watched) heard.push(update);
  return heard;
}
export const eventTypes = (updates: readonly RunUpdate[]): readonly string[] => updates.flatMap((update) => (update.kind === 'event' ? [update.event.type] : []));
