import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import { NodeId, RunId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey, NodeKind, NodeSpec } from '#shared/node-spec';
import { plan } from '../engine/plan.ts';
import type { Registry } from '../nodes/registry.ts';
import type { FromWorker, Graph, Job, NodeResult, Output, Standing } from './protocol.ts';
import { createWorkerLoop } from './worker-loop.ts';
import type { WorkerLoop } from './worker-loop.ts';

/** A config with the spec's defaults filled in, as the checks hand it to a node. */
export function defaultConfig(spec: NodeSpec, config: JsonObject): JsonObject {
  const defaults: Record<string, Json> = {};
  for (const param of spec.params) if (param.default !== undefined) defaults[param.name] = param.default;
  return { ...defaults, ...config };
}

/** `{ csv: ['source/file.csv', { path }] }`: a node's id, type and config. */
export type TestNodes = Readonly<Record<string, readonly [NodeKey, JsonObject?]>>;

/** Edges as text: `csv>keep keep.rejected>bad`. */
export function testGraph(registry: Registry, folder: string, nodes: TestNodes, edges: string): Graph {
  const listed = Object.entries(nodes).map(([id, [key, config]]) => {
    const [type = '', nodeType = ''] = key.split(/\/(.*)/);
    const spec = registry.get(key)?.spec;
    return { id: NodeId.parse(id), type: type as NodeKind, nodeType, position: { x: 0, y: 0 }, config: spec === undefined ? (config ?? {}) : defaultConfig(spec, config ?? {}) };
  });
  const specOf = (id: string): NodeSpec | undefined => {
    const node = listed.find((one) => one.id === id);
    return node === undefined ? undefined : registry.get(nodeKey(node))?.spec;
  };
  const drawn = edges.split(/\s+/).filter(Boolean).map((text, index) => {
    const [[source = '', sourcePort] = [], [target = '', targetPort] = []] = text.split('>').map((end) => end.split('.'));
    return {
      id: `e${index}`,
      source: NodeId.parse(source),
      sourcePort: sourcePort ?? specOf(source)?.outputs[0]?.name ?? 'out',
      target: NodeId.parse(target),
      targetPort: targetPort ?? specOf(target)?.inputs[0]?.name ?? 'in',
    };
  });
  return { nodes: listed, edges: drawn, folder };
}

function firstPort(registry: Registry, graph: Graph, id: NodeId): string {
  const node = graph.nodes.find((one) => one.id === id);
  return (node === undefined ? undefined : registry.get(nodeKey(node))?.spec.outputs[0]?.name) ?? 'out';
}

/** A job of that graph, planned as the engine plans it. */
export function testJob(registry: Registry, graph: Graph, more: { readonly runId?: string; readonly memoryLimitMb?: number; readonly threads?: number; readonly scratch: string; readonly past?: Job['past']; readonly diverted?: Job['diverted'] }): Job {
  const planned = plan(graph, (id) => {
    const node = graph.nodes.find((one) => one.id === id);
    const found = node === undefined ? undefined : registry.get(nodeKey(node));
    return node === undefined || found === undefined ? 'rows' : found.fusing(node.config);
  }, { kind: 'all' }, (id) => firstPort(registry, graph, id));
  return { runId: RunId.parse(more.runId ?? 'run-1'), requestedAt: Date.UTC(2026, 2, 4), graph, plan: planned, memoryLimitMb: more.memoryLimitMb ?? 512, threads: more.threads ?? 2, scratch: more.scratch, outputs: join(more.scratch, 'outputs'), past: more.past ?? [], diverted: more.diverted ?? [] };
}

export interface GraphOutcome {
  readonly nodes: Readonly<Record<string, NodeResult>>;
  readonly outputs: readonly Output[];
  readonly console: Readonly<Record<string, readonly string[]>>;
  readonly samples: Readonly<Record<string, Sample>>;
  readonly progress: readonly Extract<FromWorker, { kind: 'progress' }>[];
  readonly failed: { readonly node: NodeId; readonly error: ErrorInfo } | null;
  /** Effects that were about to happen, each of which was let happen. */
  readonly intents: readonly Extract<FromWorker, { kind: 'intend' }>[];
  /** What stood of the job's past. */
  readonly standing: Standing | null;
  /** From `open` to the last segment's end, in milliseconds; samples come after it. */
  readonly durationMs: number;
  /** What the processors spent on it. */
  readonly cpuMs: number;
}

/** A worker in this process, with the messages it sent. */
export interface TestWorker {
  readonly loop: WorkerLoop;
  readonly scratch: string;
  /** `stands`: segments that are not run, because what they gave is there. */
  run(job: Job, cancelAfterMs?: number, stands?: readonly string[]): Promise<GraphOutcome>;
  ask(question: Extract<Parameters<WorkerLoop['receive']>[0], { kind: 'ask' }>['question']): Promise<Extract<FromWorker, { kind: 'answer' }>>;
  /** Whatever it sends, until the function that this answers is called. */
  listen(hear: (message: FromWorker) => void): () => void;
  close(): Promise<void>;
}

/** The real worker loop without a process around it. Segments run one after the other until one fails, then the run is closed; samples may take `closingMs` of that. */
export function testWorker(registry: Registry, closingMs?: number): TestWorker {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-scratch-'));
  mkdirSync(scratch, { recursive: true });
  let listener: ((message: FromWorker) => void) | null = null;
  const loop = createWorkerLoop(registry, (message) => listener?.(message), closingMs);
  let asked = 0;
  return {
    loop,
    scratch,
    run(job, cancelAfterMs, stands = []) {
      const segments = job.plan.segments.filter(({ id }) => !stands.includes(id));
      const nodes: Record<string, NodeResult> = {};
      const outputs: Output[] = [];
      const console: Record<string, string[]> = {};
      const samples: Record<string, Sample> = {};
      const progress: Extract<FromWorker, { kind: 'progress' }>[] = [];
      const intents: Extract<FromWorker, { kind: 'intend' }>[] = [];
      let standing: Standing | null = null;
      let failed: GraphOutcome['failed'] = null;
      const startedAt = performance.now();
      const cpuAtStart = process.cpuUsage();
      let durationMs = 0;
      let cpuMs = 0;
      return new Promise((resolve) => {
        let next = 0;
        const go = (): void => {
          const segment = segments[next];
          next += 1;
          if (segment === undefined || failed !== null) {
            durationMs = performance.now() - startedAt;
            const { user, system } = process.cpuUsage(cpuAtStart);
            cpuMs = (user + system) / 1000;
            loop.receive({ kind: 'close', runId: job.runId });
          } else loop.receive({ kind: 'segment', runId: job.runId, segment: segment.id, attempt: 1 });
        };
        listener = (message) => {
          if (message.kind === 'console') (console[message.node] ??= []).push(...message.lines);
          else if (message.kind === 'sample') samples[`${message.node}.${message.port}`] = message.sample;
          else if (message.kind === 'progress') progress.push(message);
          else if (message.kind === 'opened') standing = message.standing;
          else if (message.kind === 'intend') {
            intents.push(message);
            loop.receive({ kind: 'proceed', runId: job.runId, effect: message.effect });
          } else if (message.kind === 'done') {
            for (const node of message.nodes) nodes[node.node] = node;
            outputs.push(...message.outputs);
            go();
          } else if (message.kind === 'failed') {
            failed = { node: message.node, error: message.error };
            go();
          } else if (message.kind === 'closed') resolve({ nodes, outputs, console, samples, progress, failed, intents, standing, durationMs, cpuMs });
        };
        loop.receive({ kind: 'open', job });
        if (cancelAfterMs !== undefined) setTimeout(() => loop.receive({ kind: 'cancel', runId: job.runId }), cancelAfterMs);
        go();
      });
    },
    listen(hear) {
      listener = hear;
      return () => {
        listener = null;
      };
    },
    ask(question) {
      asked += 1;
      const id = asked;
      return new Promise((resolve) => {
        listener = (message) => {
          if (message.kind === 'answer' && message.id === id) resolve(message);
        };
        loop.receive({ kind: 'ask', id, question, scratch, memoryLimitMb: 512 });
      });
    },
    async close() {
      await loop.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
