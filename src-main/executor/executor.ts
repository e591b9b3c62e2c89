import { dirname, join } from 'node:path';
import type { Settings } from '#shared/contract/studio';
import { StudioError } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import { evolve } from '#shared/run/evolve';
import type { Workflow } from '#shared/workflow/workflow';
import type { RefusedText } from '../dataplane/protocol.ts';
import type { Instant } from '../engine/record.ts';
import type { Journal } from '../journal/journal.ts';
import type { Executor, Load } from '../studio-types.ts';
import { createAsking } from './asking.ts';
import { createCommits } from './commits.ts';
import { createLiveRun } from './live-run.ts';
import type { LiveRun, World } from './world.ts';
import { removeLeftovers } from './leftovers.ts';
import { residentBytes } from './memory.ts';
import { createPool } from './pool.ts';
import { graphOf, refuseInvalid } from './prepare.ts';
import type { Prepare, Prepared, Preparing } from './prepare.ts';
import { createQueue } from './queue.ts';
import { recover } from './recover.ts';
import { createSampleStore } from './samples.ts';
import { askHeld, textProblem, withRefused } from './texts.ts';
import { watchEnded, watchLive } from './watch.ts';
import type { SpawnWorker } from './worker-port.ts';

export interface ExecutorOptions {
  readonly journal: Journal;
  readonly spawn: SpawnWorker;
  readonly prepare: Prepare;
  readonly nodes: Pick<Preparing, 'registry' | 'specs'>;
  readonly settings: () => Pick<Settings, 'workers' | 'memoryLimitMb' | 'folder'>;
  readonly machine: { readonly cores: number; readonly memoryMb: number };
  /** samples/ and scratch/ are made inside. */
  readonly dataDir: string;
  /** Workers started before anybody needs one. */
  readonly warm: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly ids: { readonly run: () => string; readonly event: () => string };
  readonly chance: () => number;
}

/** Runs waiting from which the ends of runs wait for company, so that they share commits: who waits in a line does not notice. */
const BACKLOG = 8;
const COMPANY_MS = 12;
/** The worker for questions may be busy with rows: problems that need no parser are not kept waiting for it, in milliseconds. */
const LOOK_MS = 2_000;
const closed = (): StudioError => new StudioError('cancelled', 'The studio is closing: no run starts any more.');
const later = (ms: number): Promise<readonly never[]> =>
  new Promise((resolve) => {
    setTimeout(() => resolve([]), ms).unref();
  });

/**
 * Performs what the engine decides: appends events, drives worker processes, tells those who watch. Runs found unfinished are ended
 * here first. A run's events are in the journal before anything happens because of them.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { journal, clock, ids, prepare } = options;
  const lives = new Map<RunId, LiveRun>();
  const queue = createQueue<LiveRun>();
  const samples = createSampleStore(join(options.dataDir, 'samples'));
  const memoryLimitMb = (): number => options.settings().memoryLimitMb ?? Math.max(64, Math.floor(options.machine.memoryMb / 4));
  const instant = (): Instant => ({ at: clock(), id: ids.event, chance: options.chance, iso: (ms) => new Date(ms).toISOString() });
  const world: World = {
    journal,
    samples,
    instant,
    job: { memoryLimitMb, threads: options.machine.cores, outputs: join(options.dataDir, 'outputs'), scratch: join(options.dataDir, 'scratch') },
    ends: createCommits(journal, () => null, () => undefined, () => (queue.size > BACKLOG ? COMPANY_MS : 0)),
    clean: (graph, run) => removeLeftovers(graph, options.nodes.registry, { runId: run.id, requestedAt: new Date(run.requestedAt) }),
    gone: (live) => {
      lives.delete(live.id);
      queue.done(live);
    },
  };
  recover(journal, instant, (run) => {
    const workflow = run.workflow as unknown as Workflow;
    world.clean(graphOf(options.nodes, workflow, run.file === null ? options.settings().folder : dirname(run.file)), run);
  });

  const pool = createPool(options.spawn, () => options.settings().workers ?? options.machine.cores, options.warm, () => pump());
  const asking = createAsking(options.spawn, { memoryLimitMb, scratch: join(options.dataDir, 'scratch') });
  let closing = false;
  /** Gives waiting runs to free workers. */
  function pump(): void {
    while (queue.ready) {
      const lease = pool.take();
      if (lease === null) return;
      queue.next()?.begin(lease);
    }
  }

  /** Workflows whose SQL has been looked at: their runs start without a question. */
  const sound = new WeakSet<Prepared>();
  /** The SQL texts of a run that can be refused before it: a free worker says so, which then has the session that the run needs. */
  async function refusedOf(prepared: Prepared, runId: RunId, requestedAt: number): Promise<readonly RefusedText[]> {
    const lease = queue.size > 0 ? null : pool.take();
    if (lease === null) return asking.ask({ kind: 'texts', texts: prepared.texts, job: null }).catch(() => []);
    const job = { runId, requestedAt, graph: prepared.graph, plan: { segments: prepared.plan.segments, skipped: prepared.plan.skipped }, memoryLimitMb: prepared.memoryLimitMb ?? memoryLimitMb(), threads: world.job.threads, outputs: world.job.outputs, past: [], diverted: [], scratch: world.job.scratch };
    try {
      return await askHeld(lease, { kind: 'texts', texts: prepared.texts, job }, job);
    } finally {
      lease.release();
    }
  }

  const accept = (live: LiveRun): void => {
    lives.set(live.id, live);
    queue.push(live);
  };
  const requests = createCommits(journal, () => (closing ? closed() : null), pump);

  return {
    check: ({ workflow, folder }, found) =>
      withRefused(graphOf(options.nodes, workflow, folder), options.nodes.registry, found, (texts) => Promise.race([asking.ask({ kind: 'texts', texts, job: null }).catch(() => []), later(LOOK_MS)])),
    async start(request) {
      if (closing) throw closed();
      const prepared = prepare(request);
      const id = RunId.parse(ids.run());
      const { workflow, file, trigger, scope } = request;
      const at = clock();
      if (prepared.texts.length > 0 && !sound.has(prepared)) {
        refuseInvalid((await refusedOf(prepared, id, at)).map(textProblem), workflow.name);
        if (closing) throw closed();
        sound.add(prepared);
      }
      const requested: NewEvent = {
        type: 'WorkflowRequested',
        data: { runId: id, workflowId: workflow.id, workflowName: workflow.name, revision: prepared.revision, workflow: prepared.json, file, folder: request.folder, trigger, scope, priority: request.priority ?? 0, origin: null },
        at,
        id: ids.event(),
      };
      const run = evolve(null, requested);
      if (run === null) throw new StudioError('internal', 'A run did not begin with its request.');
      const live: LiveRun = createLiveRun(run, requested, prepared, world);
      const lease = queue.size > 0 || requests.size > 0 ? null : pool.take();
      if (lease === null) {
        await new Promise<void>((resolve, reject) => {
          const written = (): void => {
            accept(live);
            resolve();
          };
          requests.add(() => live.request(), written, reject);
        });
        return id;
      }
      try {
        live.begin(lease);
      } catch (error) {
        lease.release();
        throw error;
      }
      lives.set(id, live);
      return id;
    },
    async cancel(id, by) {
      const live = lives.get(id);
      if (live === undefined) {
        if (journal.run(id) === null) throw new StudioError('not_found', `There is no run "${id}".`, { place: id });
        return;
      }
      queue.remove(live);
      live.cancel(by);
    },
    async answer(id) {
      if (journal.run(id) === null) throw new StudioError('not_found', `There is no run "${id}".`, { place: id });
      throw new StudioError('conflict', 'The run is not paused: it asks nothing.', { place: id });
    },
    watch(id, signal) {
      const live = lives.get(id);
      return live === undefined ? watchEnded(journal, samples, id) : watchLive(journal, samples, live, signal);
    },
    sample: (id, node, port) => samples.get(id, node, port),
    columns: ({ workflow, folder }) => asking.ask({ kind: 'columns', graph: graphOf(options.nodes, workflow, folder) }),
    preview: ({ workflow, folder }, node, port, limit) => asking.ask({ kind: 'preview', graph: graphOf(options.nodes, workflow, folder), node, port, limit }),
    expression: ({ workflow, folder }, node, text, scope, limit) => asking.ask({ kind: 'expression', graph: graphOf(options.nodes, workflow, folder), node, text, scope, limit }),
    async difference(left, right, limit) {
      const [one, other] = await Promise.all([left, right].map(async ({ run, node, port }) => {
        const sample = await samples.get(run, node, port);
        if (sample === null) throw new StudioError('not_found', `No rows of "${node}" were kept in that run.`, { place: run });
        return { kind: 'sample' as const, sample };
      }));
      if (one === undefined || other === undefined) throw new StudioError('internal', 'Two outputs are held against each other.');
      return { basis: 'samples', ...(await asking.ask({ kind: 'difference', left: one, right: other, limit })) };
    },
    load: (): Load => ({
      running: [...lives.values()].filter((live) => live.run().status === 'running').length,
      queued: queue.size,
      memoryBytes: residentBytes([...pool.pids(), ...asking.pids()]),
    }),
    async close() {
      closing = true;
      const going = [...lives.values()];
      for (const live of going) {
        queue.remove(live);
        live.cancel('studio closing');
      }
      await Promise.all(going.map((live) => live.closed));
      await Promise.all([pool.close(), asking.close(), samples.settled()]);
    },
  };
}
