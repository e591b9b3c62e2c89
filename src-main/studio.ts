import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { StudioInfo } from '#shared/contract/studio';
import { canonicalText } from '#shared/workflow/canonical';
import { check } from '#shared/workflow/check';
import type { OwnCheck } from '#shared/workflow/check';
import { nodeKey } from '#shared/node-spec';
import type { Workflow } from '#shared/workflow/workflow';
import { answerConnections } from './executor/connections.ts';
import { createExecutor } from './executor/executor.ts';
import { endOrphans, noteWorkers } from './executor/orphans.ts';
import { createPrepare } from './executor/prepare.ts';
import { createRetention } from './executor/retention.ts';
import type { SpawnWorker } from './executor/worker-port.ts';
import { acquireLock } from './journal/lock.ts';
import { createJournal } from './journal/sqlite.ts';
import { createKeyFileBox } from './library/connections/key-file.ts';
import { defaultSettings, openSettings } from './library/settings.ts';
import { makeFolder } from './make-folder.ts';
import { createRunIds } from './new-ids.ts';
import { keepPrivate } from './private-data.ts';
import { builtInNodes, specsOf } from './nodes/registry.ts';
import type { Registry } from './nodes/registry.ts';
import { machineClocks } from './scheduler/platform.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { stillScheduler } from './scheduler/still.ts';
import type { Connections, Library, SecretBox, Studio } from './studio-types.ts';

export interface StudioOptions {
  /** Absolute; made where it is missing. */
  readonly dataDir: string;
  readonly host: StudioInfo['host'];
  /** Millrace's own, from package.json. */
  readonly version: string;
  readonly spawn: SpawnWorker;
  /** Has the host a system file dialog? */
  readonly nativeDialogs?: boolean;
  /** Workers started at once; the rest when there is work for them. */
  readonly warm?: number;
  /** Do runs that an earlier process left unfinished go on by themselves? Otherwise those that somebody watches, answers or cancels. */
  readonly resume?: boolean;
  /** Runs the schedules; null or left out: this host runs none. `askMissedMs`: how long a person has to decide on what was missed, 0 where nobody is there. */
  readonly schedules?: { readonly askMissedMs: number } | null;
  /** Seals secrets; left out: AES-256-GCM with a key from the environment or a file in the data folder. */
  readonly box?: SecretBox;
  readonly registry?: Registry;
  readonly clock?: () => number;
  readonly chance?: () => number;
}

const MIB = 2 ** 20;

/** The name of the journal's file inside the data folder. */
export const journalFile = (dataDir: string): string => join(dataDir, 'journal.sqlite');

/** Where a data folder keeps its connections and their secrets, and the key that opens them where nobody names another. */
export const connectionFiles = (dataDir: string): { readonly connections: string; readonly secrets: string } => ({ connections: join(dataDir, 'connections.json'), secrets: join(dataDir, 'secrets.json') });
export const keyFile = (dataDir: string): string => join(dataDir, 'secret.key');

/** What a process may use of this machine, limits of a container included. */
function machine(): { readonly cores: number; readonly memoryMb: number } {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  return { cores: availableParallelism(), memoryMb: Math.floor(bytes / MIB) };
}

/**
 * Opens a studio: lock, journal, settings, executor, scheduler, in this order, and closes them in the reverse one. The library is opened by the
 * first who needs it. Throws conflict when another studio has the data folder.
 */
export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { dataDir, clock = Date.now, chance = Math.random, registry = builtInNodes } = options;
  const lock = acquireLock(dataDir);
  const scratch = join(dataDir, 'scratch');
  const undo: (() => void | Promise<void>)[] = [() => lock.release(), () => clearScratch(scratch)];
  const unwind = async (): Promise<void> => {
    for (const one of undo.splice(0).toReversed()) await one();
  };
  try {
    await endOrphans(join(dataDir, 'workers.json'));
    makeFolder(scratch);
    clearScratch(scratch);
    const journal = createJournal({ path: journalFile(dataDir) });
    undo.push(() => journal.close());
    keepPrivate(dataDir);
    const settings = await openSettings(join(dataDir, 'settings.json'), defaultSettings(dataDir), clock);
    const specs = specsOf(registry);
    const own = ownChecks(registry);
    const { cores, memoryMb } = machine();
    const problemsOf = (workflow: unknown) => check(workflow, specs, own).problems;
    const executor = createExecutor({
      journal,
      spawn: answerConnections(noteWorkers(options.spawn, join(dataDir, 'workers.json')), async (name) => (await openConnections()).open(name)),
      prepare: createPrepare({ registry, specs, check: problemsOf, revisionOf }),
      nodes: { registry, specs },
      connections: async () => (await openConnections()).all(),
      settings: () => settings.get(),
      onSettings: (listener) => settings.subscribe(listener),
      machine: { cores, memoryMb },
      dataDir,
      warm: options.warm ?? 2,
      resume: options.resume ?? true,
      clock,
      chance,
      ids: { run: createRunIds(clock, randomBytes), event: randomUUID },
    });
    undo.push(() => executor.close());
    const retention = createRetention({ journal, dataDir, settings: () => settings.get(), clock, id: randomUUID });
    undo.push(keepRetaining(() => retention.retain()));
    undo.push(() => retention.close());
    let library: Promise<Library> | null = null;
    const openLibrary = (): Promise<Library> =>
      (library ??= import('./library/library.ts').then(async ({ createLibrary }) => {
        const opened = await createLibrary({ dataDir, settings, journal, specs, own, clock, id: randomUUID });
        undo.push(() => opened.close());
        // Whoever fires reads from it: it is closed after that has ended.
        undo.push(() => scheduler.close());
        return opened;
      }));
    let connections: Promise<Connections> | null = null;
    const box = options.box ?? createKeyFileBox({ env: process.env, file: keyFile(dataDir) });
    const files = connectionFiles(dataDir);
    const openConnections = (): Promise<Connections> =>
      (connections ??= import('./library/connections/connections.ts').then((part) => part.openConnections({ files, box, specs, folder: () => settings.get().folder, test: (connection, folder) => executor.test(connection, folder), library: openLibrary, clock })));
    const { askMissedMs } = options.schedules ?? { askMissedMs: null };
    const scheduler = askMissedMs === null ? stillScheduler : createScheduler({ journal, executor, library: openLibrary, settings, askMissedMs, clock, id: randomUUID, ...machineClocks });
    undo.push(() => scheduler.close());
    return {
      journal,
      executor,
      settings,
      connections: openConnections,
      scheduler,
      registry,
      specs,
      info: { version: options.version, host: options.host, dataDir, platform: process.platform, nativeDialogs: options.nativeDialogs ?? false, machineMemoryMb: memoryMb, cores },
      async check(value) {
        const { workflow, problems } = check(value, specs, own, undefined, await (await openConnections()).all());
        return workflow === null ? problems : executor.check({ workflow, folder: settings.get().folder }, problems);
      },
      retain: (limits) => retention.retain(limits),
      library: openLibrary,
      async placeOf(id) {
        const entry = (await (await openLibrary()).list()).find((one) => one.id === id);
        return entry === undefined ? { file: null, folder: settings.get().folder } : { file: entry.path, folder: dirname(entry.path) };
      },
      close: unwind,
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}

/** SHA-256 of the canonical text: what a revision is. */
export const revisionOf = (workflow: Workflow): string => createHash('sha256').update(canonicalText(workflow)).digest('hex');

/** Each node type's own check, for the check of a whole workflow. */
export const ownChecks =
  (registry: Registry): OwnCheck =>
  (node, config) =>
    registry.get(nodeKey(node))?.check?.(config) ?? [];

/** The first is after the start, when the window is there; then it is hourly. */
const RETAIN_FIRST_MS = 10_000;
const RETAIN_MS = 60 * 60 * 1000;

/** Lets go what the settings let go, now and then; not at the moment they change, so that a slip of the hand can be mended. Returns the way to stop. */
function keepRetaining(retain: () => Promise<unknown>): () => void {
  // What could not be removed now is removed an hour later, or at the next start.
  const now = (): void => void retain().catch(() => undefined);
  const first = setTimeout(now, RETAIN_FIRST_MS).unref();
  const hourly = setInterval(now, RETAIN_MS).unref();
  return () => {
    clearTimeout(first);
    clearInterval(hourly);
  };
}

/** What workers call their folders and files in `scratch`: a person's own, where the data folder is also theirs, are left alone. */
const OWN_SCRATCH = /^(?:run-[\w-]+|spill-\d+-\d+|preview-\d+|profile-\d+\.json)$/u;

/** What workers that are gone have spilled and left. The lock is held: nobody else's can be there. What can't be removed stays until the next time. */
function clearScratch(folder: string): void {
  try {
    for (const name of readdirSync(folder).filter((one) => OWN_SCRATCH.test(one))) rmSync(join(folder, name), { recursive: true, force: true });
  } catch {
    // The disk may be read-only, or the folder gone.
  }
}
