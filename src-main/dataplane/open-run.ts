import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import type { WorkflowNode } from '#shared/workflow/workflow';
import type { AnyNode } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { resolveIn } from './context.ts';
import type { RunContext } from './context.ts';
import { expandFiles, shortHash, stampOf } from './files.ts';
import type { Memory } from './memory.ts';
import type { Graph, Job } from './protocol.ts';
import { quoteName } from './quoting.ts';
import { RUN_SCHEMA } from './session.ts';
import type { Session, SessionPool } from './session.ts';

/** Rows of a port that rest in the session. `lineage` tells where they came from: the same lineage, the same rows. */
export interface StoredTable {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly lineage: string;
}

/** A run as a worker holds it: from `open` to `close`. */
export interface OpenRun {
  readonly job: Job;
  readonly registry: Registry;
  readonly session: Session;
  readonly context: RunContext;
  readonly tables: Map<string, StoredTable>;
  /** Set by `cancelRun`; asked between statements. */
  readonly abort: AbortController;
  /** What to stop when it is set. */
  readonly interrupts: Set<() => void>;
}

export const tableKey = (node: string, port: string): string => JSON.stringify([node, port]);
export const tableSql = (name: string): string => `${RUN_SCHEMA}.${quoteName(name)}`;

/** The graph's node of that id. Throws not_found. */
export function nodeOf(graph: Graph, id: NodeId): WorkflowNode {
  const node = graph.nodes.find((one) => one.id === id);
  if (node === undefined) throw new StudioError('not_found', `The workflow has no node “${id}”.`);
  return node;
}

/** What a node type does. Throws invalid_workflow for one that nobody knows. */
export function implementationOf(registry: Registry, node: WorkflowNode): AnyNode {
  const found = registry.get(nodeKey(node));
  if (found === undefined) throw new StudioError('invalid_workflow', `There is no node type ${nodeKey(node)}.`, { place: node.id });
  return found;
}

/** Where a sink's rows go until they are all there: beside the file, so that the rename stays on one disk. */
export const stagedPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.part`);
/** Where the new part of an appended file goes before it is joined to a copy of the old one. */
export const appendedPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.new`);

/** The files that the nodes name, absolute, patterns followed to what they match. A node that can't tell yet names none. */
export function filesOf(graph: Graph, registry: Registry, nodes: readonly NodeId[], when: { readonly requestedAt: Date; readonly runId: string }): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  const resolve = (path: string): string => resolveIn(graph.folder, path);
  const named = nodes.map((id) => {
    const node = nodeOf(graph, id);
    try {
      const files = implementationOf(registry, node).files?.(node.config, { resolve, ...when });
      return { reads: (files?.reads ?? []).map(resolve), writes: (files?.writes ?? []).map(resolve) };
    } catch {
      return { reads: [], writes: [] };
    }
  });
  return {
    reads: expandFiles(named.flatMap((files) => files.reads)),
    writes: [...new Set(named.flatMap((files) => files.writes))],
  };
}

export const nodesOfPlan = (job: Pick<Job, 'plan'>): readonly NodeId[] => job.plan.segments.flatMap((segment) => segment.nodes);

const filesOfJob = (job: Job, registry: Registry): ReturnType<typeof filesOf> => filesOf(job.graph, registry, nodesOfPlan(job), { requestedAt: new Date(job.requestedAt), runId: job.runId });

const takeFor = (job: Job, reads: readonly string[], writes: readonly string[], sessions: SessionPool): Promise<Session> =>
  sessions.take({
    reads,
    writes: writes.flatMap((path) => [path, stagedPath(path), appendedPath(path)]),
    scratch: job.scratch,
    memoryLimitMb: job.memoryLimitMb,
    threads: job.threads,
  });

/** The session that a run will use: opened here, it is warm when the run comes. */
export function sessionFor(job: Job, registry: Registry, sessions: SessionPool): Promise<Session> {
  const { reads, writes } = filesOfJob(job, registry);
  return takeFor(job, reads, writes, sessions);
}

/** Takes a warm session that may touch what the run's nodes name, and nothing else. */
export async function openRun(job: Job, registry: Registry, sessions: SessionPool, memory: Memory): Promise<OpenRun> {
  const requestedAt = new Date(job.requestedAt);
  const { reads, writes } = filesOfJob(job, registry);
  const session = await takeFor(job, reads, writes, sessions);
  const tables = new Map<string, StoredTable>();
  const files = stampOf(reads);
  let known = { tables: 0, stamp: files };
  const stamp = (): string => {
    if (known.tables !== tables.size) known = { tables: tables.size, stamp: shortHash(`${files} ${JSON.stringify([...tables].map(([key, table]) => [key, table.columns]))}`) };
    return known.stamp;
  };
  const context: RunContext = {
    session,
    memory,
    runId: job.runId,
    requestedAt,
    folder: job.graph.folder,
    scratch: join(job.scratch, `run-${job.runId}`),
    stamp,
  };
  return { job, registry, session, context, tables, abort: new AbortController(), interrupts: new Set() };
}

/** Stops what runs; it fails with `cancelled` well within a second. Interrupts again until it has, should one fall between two statements. */
export function cancelRun(run: OpenRun): void {
  if (run.abort.signal.aborted) return;
  run.abort.abort(new StudioError('cancelled', 'The run was cancelled.'));
  const again = (): void => {
    for (const interrupt of run.interrupts) interrupt();
    if (run.interrupts.size > 0) setTimeout(again, 20).unref();
  };
  again();
}

/** Drops the run's tables and its folder. */
export async function closeRun(run: OpenRun): Promise<void> {
  if (run.tables.size > 0) await run.session.run(`DROP SCHEMA ${RUN_SCHEMA} CASCADE; CREATE SCHEMA ${RUN_SCHEMA}`);
  rmSync(run.context.scratch, { recursive: true, force: true });
}
