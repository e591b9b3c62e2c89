import { join } from 'node:path';
import type { Settings } from '#shared/contract/studio';
import { errorSentence, StudioError, toErrorInfo } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import type { NamedConnection } from '#shared/workflow/check-connections';
import type { RefusedText } from '../dataplane/protocol.ts';
import type { Journal } from '../journal/journal.ts';
import type { Executor, Load } from '../studio-types.ts';
import { createAsking } from './asking.ts';
import { createCommits } from './commits.ts';
import { refuseUnconnected } from './connections.ts';
import { sides } from './difference.ts';
import { lookAt } from './effects.ts';
import { jobOf } from './job.ts';
import { createLiveRun } from './live-run.ts';
import type { LiveRun, World } from './world.ts';
import { removeLeftovers } from './leftovers.ts';
import { residentBytes } from './memory.ts';
import { createPool } from './pool.ts';
import type { Lease } from './pool.ts';
import { graphOf, refuseInvalid } from './prepare.ts';
import type { Prepare, Prepared, Preparing } from './prepare.ts';
import { createQueue } from './queue.ts';
import { createAdopting, takeUp } from './recover.ts';
import { sampleOf } from './reused.ts';
import { createSampleStore } from './samples.ts';
import { createStrands } from './strands.ts';
import { askHeld, textProblem, withRefused } from './texts.ts';
import { watchEnded, watchLive } from './watch.ts';
import type { SpawnWorker } from './worker-port.ts';

export interface ExecutorOptions {
  readonly journal: Journal;
  readonly spawn: SpawnWorker;
  readonly prepare: Prepare;
  readonly nodes: Pick<Preparing, 'registry' | 'specs'>;
  /** Those that a run's nodes may name; where it is left out, they are not looked for before the run. */
  readonly connections?: () => Promise<readonly NamedConnection[]>;
  readonly settings: () => Pick<Settings, 'workers' | 'maxConcurrentRuns' | 'memoryLimitMb' | 'folder'>;
  /** Calls whenever the settings have changed, so that a raised limit counts at once. Returns the way to stop. */
  readonly onSettings?: (listener: () => void) => () => void;
  readonly machine: { readonly cores: number; readonly memoryMb: number };
  /** samples/ and scratch/ are made inside. */
  readonly dataDir: string;
  /** Workers started before anybody needs one. */
  readonly warm: number;
  /** Do unfinished runs go on by themselves? Otherwise those that somebody watches, answers or cancels. */
  readonly resume?: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Milliseconds by a clock that never jumps; the process's own where it is left out. */
  readonly steady?: () => number;
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
 * Performs what the engine decides: appends events, drives worker processes, tells those who watch. Runs found unfinished go on, those
 * waiting in the order of their priority. A run's events are in the journal before anything happens because of them.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { journal, clock, ids, prepare, steady = () => performance.now() } = options;
  const lives = new Map<RunId, LiveRun>();
  const memoryLimitMb = (): number => options.settings().memoryLimitMb ?? Math.max(64, Math.floor(options.machine.memoryMb / 4));
  const workers = (): number => options.settings().workers ?? options.machine.cores;
  const queue = createQueue<LiveRun>(() => options.settings().maxConcurrentRuns ?? Number.POSITIVE_INFINITY);
  /** These have their place among the runs that go, but their worker is gone: the next one is theirs. */
  const orphans = new Set<LiveRun>();
  const samples = createSampleStore(join(options.dataDir, 'samples'));
  const outputs = join(options.dataDir, 'outputs');
  const scratch = join(options.dataDir, 'scratch');
  let closing = false;
  const world: World = {
    journal,
    samples,
    steady,
    instant: () => ({ at: clock(), id: ids.event, chance: options.chance, iso: (ms) => new Date(ms).toISOString() }),
    job: { memoryLimitMb, threads: options.machine.cores, outputs, scratch },
    ends: createCommits(journal, () => null, () => undefined, () => (queue.size > BACKLOG ? COMPANY_MS : 0)),
    look: lookAt,
    origin: (origin) => journal.run(origin.run, origin.version),
    clean: (graph, run) => removeLeftovers(graph, options.nodes.registry, { runId: run.id, requestedAt: new Date(run.requestedAt) }, outputs),
    wants(live, kept) {
      if (kept) orphans.add(live);
      else queue.push(live);
      pump();
    },
    leaves,
    gone(id) {
      leaves(id);
      lives.delete(id);
    },
    stranded: (id) => strands.add(id),
  };
  const pool = createPool(options.spawn, workers, options.warm, () => pump());
  const asking = createAsking(options.spawn, { memoryLimitMb, scratch });

  function leaves(id: RunId): void {
    const live = lives.get(id);
    if (live === undefined) return;
    orphans.delete(live);
    queue.remove(live);
    queue.done(live);
    pump();
  }
  /** Gives waiting runs to free workers. */
  function pump(): void {
    while (orphans.size > 0 || queue.ready) {
      const lease = closing ? null : pool.take();
      if (lease === null) return;
      const [orphan] = orphans;
      if (orphan === undefined) queue.next()?.begin(lease);
      else {
        orphans.delete(orphan);
        orphan.begin(lease);
      }
    }
  }

  const adopting = createAdopting(journal, prepare, () => options.settings().folder, world);
  /** The run, if it is unfinished: taken up now where nobody has yet. It settles nothing: see recover. */
  const take = (id: RunId): LiveRun | null => {
    if (closing || lives.has(id)) return null;
    const live = adopting.adopt(id);
    if (live !== null) lives.set(id, live);
    return live;
  };
  const held = (id: RunId): LiveRun | undefined => {
    if (!lives.has(id)) take(id)?.recover();
    return lives.get(id);
  };
  const strands = createStrands((id) => take(id)?.recover());
  const stopListening = options.onSettings?.(pump);
  const stopTaking = takeUp(options.resume === false ? [] : journal.unfinished(), (id) => {
    try {
      return take(id);
    } catch (error) {
      // Neither a full disk nor one run that can't be read keeps the studio shut.
      process.emitWarning(`Run ${id} can't be taken up: ${errorSentence(toErrorInfo(error))} It stays as it is and is tried again; all else goes on.`);
      strands.add(id);
      return null;
    }
  });

  /** Workflows whose SQL has been looked at: their runs start without a question. */
  const sound = new WeakSet<Prepared>();
  /** The SQL texts of a run that can be refused before it: a free worker says so, which then has the session that the run needs. */
  async function refusedOf(prepared: Prepared, runId: RunId, requestedAt: number): Promise<readonly RefusedText[]> {
    const lease = queue.size > 0 ? null : pool.take();
    if (lease === null) return asking.ask({ kind: 'texts', texts: prepared.texts, job: null }).catch(() => []);
    const job = jobOf({ id: runId, requestedAt }, prepared, null, world.job);
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
  /** Starts with its request and what follows in one append. Throws when that could not be written. */
  const beginAlone = (live: LiveRun, lease: Lease): void => {
    lives.set(live.id, live);
    try {
      live.begin(lease);
    } catch (error) {
      lives.delete(live.id);
      queue.done(live);
      lease.release();
      throw error;
    }
  };
  const find = (id: RunId): Run | null => lives.get(id)?.run() ?? journal.run(id);
  const refuseUnknown = (id: RunId): void => {
    if (journal.run(id) === null) throw new StudioError('not_found', `There is no run "${id}".`, { place: id });
  };
  const requests = createCommits(journal, () => (closing ? closed() : null), pump);

  return {
    check: ({ workflow, folder }, found) =>
      withRefused(graphOf(options.nodes, workflow, folder), options.nodes.registry, found, (texts) => Promise.race([asking.ask({ kind: 'texts', texts, job: null }).catch(() => []), later(LOOK_MS)])),
    async start(request) {
      if (closing) throw closed();
      const { workflow, file, trigger, scope, origin = null, alongside } = request;
      if (origin !== null && journal.run(origin.run, origin.version) === null) throw new StudioError('not_found', `There is no run "${origin.run}" to go on from.`, { place: origin.run, remedy: 'It may have been removed: run the workflow from its start.' });
      const prepared = prepare(request);
      if (prepared.connections.length > 0 && options.connections !== undefined) refuseUnconnected(prepared.connections, await options.connections(), workflow.name);
      const id = RunId.parse(ids.run());
      const at = clock();
      if (prepared.texts.length > 0 && !sound.has(prepared)) {
        refuseInvalid((await refusedOf(prepared, id, at)).map(textProblem), workflow.name);
        sound.add(prepared);
      }
      if (closing) throw closed();
      const priority = request.priority ?? workflow.settings.priority ?? 0;
      const requested: NewEvent = {
        type: 'WorkflowRequested',
        data: { runId: id, workflowId: workflow.id, workflowName: workflow.name, revision: prepared.revision, workflow: prepared.json, file, folder: request.folder, trigger, scope, priority, origin },
        at,
        id: ids.event(),
      };
      const run = evolve(null, requested);
      if (run === null) throw new StudioError('internal', 'A run did not begin with its request.');
      const live = createLiveRun({ run, requested, prepared }, world);
      const lease = alongside !== undefined || queue.size + orphans.size + requests.size > 0 ? null : pool.take();
      if (lease !== null) {
        queue.push(live);
        if (queue.next() === live) {
          beginAlone(live, lease);
          return id;
        }
        // The limit of runs at once is reached.
        queue.remove(live);
        lease.release();
      }
      await new Promise<void>((resolve, reject) => {
        const written = (): void => {
          accept(live);
          resolve();
        };
        const write =
          alongside === undefined
            ? () => live.request()
            : () =>
                journal.atomic(() => {
                  alongside(id);
                  live.request();
                });
        requests.add(write, written, reject);
      });
      return id;
    },
    async cancel(id, by) {
      const live = held(id);
      if (live === undefined) return refuseUnknown(id);
      queue.remove(live);
      live.cancel(by);
    },
    async answer(id, answer, by) {
      const live = held(id);
      if (live !== undefined) return live.answer(answer, by);
      refuseUnknown(id);
      throw new StudioError('conflict', 'The run has ended: it asks nothing.', { place: id });
    },
    watch(id, signal) {
      const live = held(id);
      return live === undefined ? watchEnded(journal, samples, id) : watchLive(journal, samples, live, signal);
    },
    sample: (id, node, port) => sampleOf(samples, find, id, node, port),
    columns: ({ workflow, folder }) => asking.ask({ kind: 'columns', graph: graphOf(options.nodes, workflow, folder) }),
    preview: ({ workflow, folder }, node, port, limit) => asking.ask({ kind: 'preview', graph: graphOf(options.nodes, workflow, folder), node, port, limit }),
    expression: ({ workflow, folder }, node, text, scope, limit) => asking.ask({ kind: 'expression', graph: graphOf(options.nodes, workflow, folder), node, text, scope, limit }),
    async difference(left, right, limit) {
      const found = await sides(left, right, { outputs, run: (of) => find(of.run), sample: (of) => sampleOf(samples, find, of.run, of.node, of.port) });
      return { basis: found.basis, ...(await asking.ask({ kind: 'difference', left: found.left, right: found.right, limit })) };
    },
    test: (connection, folder) => asking.ask({ kind: 'test', connection, folder }),
    load: (): Load => ({
      running: [...lives.values()].filter((live) => live.run().status === 'running').length,
      queued: queue.size + orphans.size,
      memoryBytes: residentBytes([...pool.pids(), ...asking.pids()]),
    }),
    async close() {
      closing = true;
      stopTaking();
      stopListening?.();
      strands.close();
      world.ends.flush();
      await Promise.all([...lives.values()].map((live) => live.close()));
      await Promise.all([pool.close(), asking.close(), samples.settled()]);
    },
  };
}
