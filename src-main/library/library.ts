import type { RunRow } from '#shared/contract/runs';
import { workflowStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import type { NodeSpec } from '#shared/node-spec';
import type { OwnCheck } from '#shared/workflow/check';
import type { Library, LibraryChange, SettingsStore } from '../studio-types.ts';
import { shippedTemplates } from './templates.ts';
import { openWorkflowFiles } from './workflow-files.ts';
import type { LibraryFact } from './workflow-files.ts';

/** What the library needs of the journal: to write three facts and to read the last runs. */
interface FactStore {
  append(stream: string, expected: 'any', events: readonly NewEvent[]): unknown;
  lastRuns(count: number): Readonly<Record<string, readonly RunRow[]>>;
}

/** The library of a studio: its facts go into the journal, and it follows the folder that the settings name. */
export async function createLibrary(options: {
  readonly dataDir: string;
  readonly settings: SettingsStore;
  readonly journal: FactStore;
  readonly specs: readonly NodeSpec[];
  readonly own: OwnCheck;
  readonly clock: () => number;
  readonly id: () => string;
  readonly templates?: string;
}): Promise<Library> {
  const { dataDir, settings, journal, specs, own, clock, id, templates = shippedTemplates() } = options;
  const onFact = (fact: LibraryFact): void => {
    const event = eventOf(fact, clock(), id());
    journal.append(workflowStream(event.data.workflowId), 'any', [event]);
  };
  const open = (folder: string): Promise<Library> => openWorkflowFiles({ folder, dataDir, templates, specs, own, clock, newId: id, lastRuns: () => journal.lastRuns(14), onFact });

  const listeners = new Set<(change: LibraryChange) => void>();
  const tell = (change: LibraryChange): void => listeners.forEach((listener) => listener(change));
  const follow = async (folder: string): Promise<Library> => {
    const library = await open(folder);
    library.subscribe(tell);
    return library;
  };
  let folder = settings.get().folder;
  let current = Promise.resolve(await follow(folder));
  const stop = settings.subscribe((changed) => {
    if (changed.folder === folder) return;
    folder = changed.folder;
    current = current.then(async (before) => {
      // A folder that can't be opened leaves the library where it was; the next call says so by what it finds.
      const next = await follow(changed.folder).catch(() => before);
      if (next !== before) await before.close();
      return next;
    });
  });
  return {
    list: async () => (await current).list(),
    open: async (which) => (await current).open(which),
    create: async (name, template) => (await current).create(name, template),
    save: async (which, workflow, expected) => (await current).save(which, workflow, expected),
    import: async (text, name) => (await current).import(text, name),
    export: async (which) => (await current).export(which),
    delete: async (which) => (await current).delete(which),
    templates: async () => (await current).templates(),
    saveDraft: async (which, draft) => (await current).saveDraft(which, draft),
    discardDraft: async (which) => (await current).discardDraft(which),
    schedules: async () => (await current).schedules(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      stop();
      await (await current).close();
    },
  };
}

function eventOf(fact: LibraryFact, at: number, id: string): Extract<NewEvent, { type: 'WorkflowSaved' | 'WorkflowImported' | 'WorkflowDeleted' }> {
  if (fact.kind === 'deleted') return { type: 'WorkflowDeleted', at, id, data: { workflowId: fact.id, path: fact.path } };
  const data = { workflowId: fact.workflow.id, name: fact.workflow.name, revision: fact.revision, path: fact.path };
  return fact.kind === 'saved' ? { type: 'WorkflowSaved', at, id, data } : { type: 'WorkflowImported', at, id, data: { ...data, from: fact.from } };
}
