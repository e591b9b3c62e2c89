import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Column } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { Segment } from '../engine/plan.ts';
import type { Registry } from '../nodes/registry.ts';
import { resolveIn } from './context.ts';
import type { RunContext } from './context.ts';
import { expandFiles, shortHash, stampOf } from './files.ts';
import { implementationOf, indexGraph, nodeOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Memory } from './memory.ts';
import type { Job } from './protocol.ts';
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
  readonly index: GraphIndex;
  readonly segments: ReadonlyMap<string, Segment>;
  readonly registry: Registry;
  readonly session: Session;
  readonly context: RunContext;
  readonly tables: ReadonlyMap<string, StoredTable>;
  /** The only way into `tables`. */
  store(key: string, table: StoredTable): void;
  forget(key: string): void;
  /** Keys of what rests in the tables, by node: what it was made of when it was made. */
  readonly keys: Map<NodeId, string | null>;
  /** Nodes that name files which they write. */
  readonly writers: ReadonlySet<NodeId>;
  /** Failures that are rows of a port `error`. */
  readonly diverted: Map<NodeId, ErrorInfo>;
  /** Effects that wait until the journal has their intents, and the number of the next one. */
  readonly intents: { next: number; readonly waiting: Map<string, () => void> };
  /** Set by `cancelRun`; asked between statements. */
  readonly abort: AbortController;
  /** What to stop when it is set. */
  readonly interrupts: Set<() => void>;
}

export const tableKey = (node: string, port: string): string => JSON.stringify([node, port]);
/** The name of the table for a port, inside the run's schema. The engine takes "A" and "a" for one name: ids that it could confuse get a hash of theirs. */
export const tableName = (node: string, port: string): string => (/^[a-z0-9_-]*$/.test(node) ? `${node}.${port}` : `${node.replaceAll('\0', '')} ${createHash('sha1').update(node).digest('hex').slice(0, 12)}.${port}`);
export const tableSql = (node: string, port: string): string => `${RUN_SCHEMA}.${quoteName(tableName(node, port))}`;

/** Where a sink's rows go until they are all there: beside the file, so that the rename stays on one disk. */
export const stagedPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.part`);
/** Where the new part of an appended file goes before it is joined to a copy of the old one. */
export const appendedPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.new`);

/** The files that the nodes name, absolute, patterns followed to what they match. A node that can't tell yet names none. */
export function filesOf(index: GraphIndex, registry: Registry, nodes: readonly NodeId[], when: { readonly requestedAt: Date; readonly runId: string }): { readonly reads: readonly string[]; readonly writes: readonly string[]; readonly writers: ReadonlySet<NodeId> } {
  const resolve = (path: string): string => resolveIn(index.graph.folder, path);
  const named = nodes.map((id) => {
    const node = nodeOf(index, id);
    try {
      const files = implementationOf(registry, node).files?.(node.config, { resolve, ...when });
      return { reads: (files?.reads ?? []).map(resolve), writes: (files?.writes ?? []).map(resolve), id };
    } catch {
      return { reads: [], writes: [], id };
    }
  });
  return {
    reads: expandFiles(named.flatMap((files) => files.reads)),
    writes: [...new Set(named.flatMap((files) => files.writes))],
    writers: new Set(named.flatMap(({ writes, id }) => (writes.length > 0 ? [id] : []))),
  };
}

export const nodesOfPlan = (job: Pick<Job, 'plan'>): readonly NodeId[] => job.plan.segments.flatMap((segment) => segment.nodes);

/** Does the run put outputs under the names of their contents, or read such? */
const keepsOutputs = (job: Job, index: GraphIndex): boolean => job.past.some((node) => node.kept.length > 0) || nodesOfPlan(job).some((id) => index.nodes.get(id)?.checkpoint === true);

function takeFor(job: Job, index: GraphIndex, registry: Registry, sessions: SessionPool): Pick<OpenRun, 'writers'> & { readonly reads: readonly string[]; readonly session: Promise<Session> } {
  const { reads, writes, writers } = filesOf(index, registry, nodesOfPlan(job), { requestedAt: new Date(job.requestedAt), runId: job.runId });
  const session = sessions.take({
    reads,
    writes: writes.flatMap((path) => [path, stagedPath(path), appendedPath(path)]),
    scratch: job.scratch,
    ...(keepsOutputs(job, index) ? { outputs: job.outputs } : {}),
    memoryLimitMb: job.memoryLimitMb,
    threads: job.threads,
  });
  return { reads, writers, session };
}

/** The session that a run will use: opened here, it is warm when the run comes. */
export const sessionFor = (job: Job, registry: Registry, sessions: SessionPool): Promise<Session> => takeFor(job, indexGraph(job.graph), registry, sessions).session;

/** Takes a warm session that may touch what the run's nodes name, and nothing else. */
export async function openRun(job: Job, registry: Registry, sessions: SessionPool, memory: Memory, connection: RunContext['connection']): Promise<OpenRun> {
  const index = indexGraph(job.graph);
  const taken = takeFor(job, index, registry, sessions);
  const session = await taken.session;
  const tables = new Map<string, StoredTable>();
  let stamp = stampOf(taken.reads);
  const context: RunContext = {
    session,
    memory,
    runId: job.runId,
    requestedAt: new Date(job.requestedAt),
    folder: job.graph.folder,
    connection,
    scratch: join(job.scratch, `run-${job.runId}`),
    stamp: () => stamp,
  };
  return {
    job,
    index,
    segments: new Map(job.plan.segments.map((segment) => [segment.id, segment])),
    registry,
    session,
    context,
    tables,
    store(key, table) {
      tables.set(key, table);
      stamp = shortHash(`${stamp} ${key} ${JSON.stringify(table.columns)}`);
    },
    forget: (key) => void tables.delete(key),
    keys: new Map(),
    writers: taken.writers,
    diverted: new Map(job.diverted.map(({ node, error }) => [node, error])),
    intents: { next: 1, waiting: new Map() },
    abort: new AbortController(),
    interrupts: new Set(),
  };
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
  if (run.tables.size > 0 || run.index.graph.nodes.some((node) => node.pin !== undefined)) await run.session.run(`DROP SCHEMA ${RUN_SCHEMA} CASCADE; CREATE SCHEMA ${RUN_SCHEMA}`);
  rmSync(run.context.scratch, { recursive: true, force: true });
}
