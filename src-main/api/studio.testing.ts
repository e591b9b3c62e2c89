import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import { RunId, WorkflowId } from '#shared/ids';
import type { Settings } from '#shared/contract/studio';
import { Workflow } from '#shared/workflow/workflow';
import { defaultSettings } from '../library/settings.ts';
import { stillScheduler } from '../scheduler/still.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Library, LibraryChange, RunRequest, Studio } from '../studio-types.ts';

/** A workflow of one node, checked as a file's would be. */
export const sampleWorkflow = (id = 'orders'): Workflow =>
  Workflow.parse({ formatVersion: 1, id, name: 'Orders', nodes: [{ id: 'read', type: 'source', nodeType: 'file.csv' }], edges: [] });

const unsupported = (): Promise<never> => Promise.reject(new StudioError('unsupported', 'Not in this test.'));

export interface TestStudio {
  readonly studio: Studio;
  /** What was asked of the executor, in order. */
  readonly asked: RunRequest[];
  readonly answered: { readonly run: string; readonly answer: string }[];
  /** Tells the library's subscribers; says how many there are. */
  readonly changeLibrary: (change: LibraryChange) => number;
  /** How many streams of a watched run are open. */
  readonly watchers: () => number;
}

/** A studio whose journal is real and in memory, and whose other parts do just enough to see what the api asks of them. */
export function testStudio(dataDir: string): TestStudio {
  const journal = createMemoryJournal();
  const asked: RunRequest[] = [];
  const answered: { readonly run: string; readonly answer: string }[] = [];
  const listeners = new Set<(change: LibraryChange) => void>();
  let settings: Settings = { ...defaultSettings(dataDir), folder: dataDir, language: 'en' };
  let watchers = 0;

  const library: Library = {
    list: () => Promise.resolve([]),
    open: (id) => {
      if (id !== 'orders') return Promise.reject(new StudioError('not_found', `There is no workflow "${id}".`, { place: id, remedy: 'Look in the library.' }));
      return Promise.resolve({ workflow: sampleWorkflow(id), revision: 'abc', path: `${dataDir}/orders.json`, draft: null });
    },
    create: (name) => Promise.resolve({ id: WorkflowId.parse(name), revision: 'abc', path: `${dataDir}/${name}.json` }),
    save: () => Promise.reject(new StudioError('conflict', 'The file has changed.', { remedy: 'Open it again.' })),
    import: () => Promise.reject(new TypeError('undefined is not a function')),
    export: () => Promise.resolve({ text: '{}', fileName: 'orders.json' }),
    delete: () => Promise.resolve(),
    templates: () => Promise.resolve([]),
    saveDraft: () => Promise.resolve(),
    discardDraft: () => Promise.resolve(),
    schedules: () => Promise.resolve([]),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };

  const studio: Studio = {
    journal,
    executor: {
      start: (request) => {
        asked.push(request);
        const runId = RunId.parse(`run${asked.length}`);
        const { workflow, file, trigger, scope } = request;
        const data = { runId, workflowId: workflow.id, workflowName: workflow.name, revision: 'abc', workflow: JSON.parse(JSON.stringify(workflow)), file, folder: null, trigger, scope, priority: 0, origin: null };
        journal.append(runStream(runId), 'none', [{ type: 'WorkflowRequested', at: 1000, id: `${runId}-1`, data }]);
        return Promise.resolve(runId);
      },
      check: (_draft, found) => Promise.resolve(found),
      cancel: () => Promise.resolve(),
      answer: (run, answer) => {
        answered.push({ run, answer });
        return Promise.resolve();
      },
      difference: unsupported,
      watch: async function* (run, signal) {
        if (journal.run(run) === null) throw new StudioError('not_found', `There is no run "${run}".`, { place: run });
        watchers += 1;
        try {
          for (const event of journal.read(runStream(run))) yield { kind: 'event', event };
          if (signal?.aborted !== true) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        } finally {
          watchers -= 1;
        }
      },
      sample: () => Promise.resolve(null),
      columns: () => Promise.resolve({ read: { out: [{ name: 'id', type: 'BIGINT' }] } }),
      test: unsupported,
      preview: unsupported,
      expression: () => Promise.reject(new StudioError('node_failed', 'Syntax error at "from".', { place: 'read' })),
      load: () => ({ running: 1, queued: 2, memoryBytes: 3000 }),
      close: () => Promise.resolve(),
    },
    library: () => Promise.resolve(library),
    settings: {
      get: () => settings,
      save: (change) => {
        settings = { ...settings, ...change };
        return Promise.resolve(settings);
      },
      subscribe: () => () => undefined,
    },
    connections: unsupported,
    scheduler: stillScheduler,
    registry: {} as Studio['registry'],
    specs: [],
    info: { version: '1.2.3', host: 'server', dataDir, platform: 'linux', nativeDialogs: false, machineMemoryMb: 1024, cores: 2 },
    check: (workflow) => Promise.resolve(Workflow.safeParse(workflow).success ? [] : [{ severity: 'error', code: 'shape', message: 'Not a workflow.' }]),
    placeOf: (id) => Promise.resolve({ file: null, folder: `${dataDir}/${id}` }),
    retain: () => Promise.resolve({ runs: 1, outputs: 2, freedBytes: 3 }),
    close: () => Promise.resolve(),
  };
  const changeLibrary = (change: LibraryChange): number => {
    for (const listener of listeners) listener(change);
    return listeners.size;
  };
  return { studio, asked, answered, changeLibrary, watchers: () => watchers };
}
