import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunRow } from '#shared/contract/runs';
import { StudioError } from '#shared/errors';
import { WorkflowId } from '#shared/ids';
import type { NodeSpec } from '#shared/node-spec';
import { canonicalText } from '#shared/workflow/canonical';
import { check } from '#shared/workflow/check';
import type { OwnCheck } from '#shared/workflow/check';
import { parseWorkflow } from '#shared/workflow/parse';
import { problem, problemLine } from '#shared/workflow/problems';
import { FORMAT_VERSION } from '#shared/workflow/workflow';
import type { Workflow } from '#shared/workflow/workflow';
import type { Library, LibraryChange, SavedFile } from '../studio-types.ts';
import { openDrafts } from './drafts.ts';
import { fileError, readText, saveText } from './files.ts';
import { fileNameOf, freeName } from './names.ts';
import { openShelf, revisionOf } from './shelf.ts';
import type { Book } from './shelf.ts';
import { readTemplates, takeTemplate } from './templates.ts';

/** What the library tells its owner, who writes it into the journal. */
export type LibraryFact =
  | { readonly kind: 'saved'; readonly workflow: Workflow; readonly revision: string; readonly path: string }
  | { readonly kind: 'imported'; readonly workflow: Workflow; readonly revision: string; readonly path: string; readonly from: string }
  | { readonly kind: 'deleted'; readonly id: WorkflowId; readonly path: string };

export interface LibraryOptions {
  /** Where the workflow files are. */
  readonly folder: string;
  /** Millrace's own: holds `drafts` and `trash`. */
  readonly dataDir: string;
  readonly templates: string;
  readonly specs: readonly NodeSpec[];
  readonly own: OwnCheck;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** The last runs of each workflow, newest first. */
  readonly lastRuns: () => Readonly<Record<string, readonly RunRow[]>>;
  readonly onFact: (fact: LibraryFact) => void;
}

/** Opens the person's workflow files. Nothing in it is ever overwritten unseen or deleted for good. */
export async function openWorkflowFiles(options: LibraryOptions): Promise<Library> {
  const { folder, specs, clock, newId, onFact } = options;
  const listeners = new Set<(change: LibraryChange) => void>();
  const shelf = await openShelf({ folder, specs, onChange: (change) => listeners.forEach((listener) => listener(change)) });
  const drafts = openDrafts(join(options.dataDir, 'drafts'));
  let turn: Promise<unknown> = Promise.resolve();
  /** Calls that write go one after the other: between the look at a revision and the write nobody else writes. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  async function known(id: WorkflowId): Promise<Book> {
    const book = await shelf.byId(id);
    if (book === null) throw new StudioError('not_found', `There is no workflow “${id}” in the library.`, { place: folder, remedy: 'It may have been moved or deleted; look at the library again.' });
    return book;
  }

  async function readable(id: WorkflowId): Promise<{ readonly book: Book; readonly workflow: Workflow }> {
    const book = await known(id);
    if (book.problem !== null) throw new StudioError('invalid_workflow', book.problem, { place: book.path });
    const { workflow, problems } = parseWorkflow(await readText(book.path), { specs, name: basename(book.path, '.json') });
    if (workflow === null) throw new StudioError('invalid_workflow', problems.slice(0, 3).map(problemLine).join(' '), { place: book.path });
    return { book, workflow };
  }

  async function freePath(name: string): Promise<string> {
    const taken = (await shelf.books()).map((book) => basename(book.path, '.json'));
    return join(folder, `${freeName(fileNameOf(name), taken)}.json`);
  }

  async function put(path: string, workflow: Workflow, from: string | null): Promise<SavedFile> {
    await saveText(path, canonicalText(workflow));
    await shelf.note(path);
    const revision = revisionOf(workflow);
    onFact(from === null ? { kind: 'saved', workflow, revision, path } : { kind: 'imported', workflow, revision, path, from });
    return { id: workflow.id, revision, path };
  }

  return {
    async list() {
      const books = await shelf.books();
      const drafted = await drafts.among(books.map((book) => book.id));
      const runs = options.lastRuns();
      return books.map(({ stamp, revision: _revision, schedule: _schedule, ...book }) => ({ ...book, tags: [...book.tags], modifiedAt: stamp.modifiedAt, hasDraft: drafted.has(book.id), lastRuns: [...(runs[book.id] ?? [])].slice(0, 14) }));
    },

    async open(id) {
      const { book, workflow } = await readable(id);
      const draft = await drafts.get(id);
      return {
        workflow,
        revision: revisionOf(workflow),
        path: book.path,
        draft: draft === null ? null : { workflow: draft.workflow, baseRevision: draft.baseRevision, savedAt: draft.savedAt, ...(draft.history === undefined ? {} : { history: draft.history }) },
      };
    },

    create: (name, template) =>
      inTurn(async () => {
        const base = template === undefined ? empty() : await takeTemplate(options.templates, template, folder);
        return put(await freePath(name), { ...base, id: WorkflowId.parse(newId()), name }, null);
      }),

    save: (id, workflow, expectedRevision) =>
      inTurn(async () => {
        if (workflow.id !== id) throw new StudioError('invalid_input', `The workflow's own id is “${workflow.id}”, but it was to be saved as “${id}”.`, { remedy: 'Save it under its own id.' });
        const book = await shelf.byId(id);
        if (expectedRevision !== null && book === null) throw new StudioError('conflict', 'The file has been removed or renamed outside.', { place: folder, remedy: 'Save again to write it anew, or close the workflow.' });
        if (book !== null && expectedRevision !== null && book.revision !== expectedRevision) {
          throw new StudioError('conflict', 'The file was changed outside since it was opened.', { place: book.path, remedy: 'Load the other version, or overwrite it with yours.' });
        }
        return put(book?.path ?? (await freePath(workflow.name)), workflow, null);
      }),

    import: (text, name) =>
      inTurn(async () => {
        const stem = name.replace(/\.json$/iu, '');
        const { workflow, problems } = parseWorkflow(text, { specs, name: stem === '' ? 'Workflow' : stem });
        if (workflow === null) {
          throw new StudioError('invalid_workflow', problems[0]?.message ?? 'This is not a workflow.', { place: name, ...(problems[0]?.remedy === undefined ? {} : { remedy: problems[0].remedy }), detail: problems.map(problemLine).join('\n') });
        }
        const isTaken = (await shelf.books()).some((book) => book.id === workflow.id);
        const kept = isTaken ? { ...workflow, id: WorkflowId.parse(newId()) } : workflow;
        const saved = await put(await freePath(kept.name), kept, name);
        const renamed = isTaken ? [problem('id_taken', { id: workflow.id, now: kept.id })] : [];
        return { ...saved, problems: [...renamed, ...problems, ...check(kept, specs, options.own).problems] };
      }),

    async export(id) {
      const { book, workflow } = await readable(id);
      return { text: canonicalText(workflow), fileName: basename(book.path) };
    },

    delete: (id) =>
      inTurn(async () => {
        const { path } = await known(id);
        const trash = join(options.dataDir, 'trash');
        const kept = join(trash, `${new Date(clock()).toISOString().replaceAll(':', '-')}-${basename(path)}`);
        await mkdir(trash, { recursive: true });
        await drafts.moveTo(id, `${kept}.draft`);
        await moveFile(path, kept);
        await shelf.note(path);
        onFact({ kind: 'deleted', id, path });
      }),

    templates: async () => (await readTemplates(options.templates)).map(({ id, workflow }) => ({ id, name: workflow.name, description: workflow.description, nodes: workflow.nodes.length })),
    saveDraft: (id, draft) => drafts.save({ id, workflow: draft.workflow, baseRevision: draft.baseRevision, savedAt: clock(), ...(draft.history === undefined ? {} : { history: draft.history }) }),
    discardDraft: (id) => drafts.discard(id),
    schedules: async () => (await shelf.books()).map(({ id, name, path, revision, schedule }) => ({ workflowId: id, name, path, revision, schedule })),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await turn;
      await shelf.close();
    },
  };
}

const empty = (): Workflow => ({ formatVersion: FORMAT_VERSION, id: WorkflowId.parse('new'), name: 'new', description: '', version: '1.0.0', author: '', tags: [], settings: {}, nodes: [], edges: [], metadata: {} });

/** A rename, or between disks a copy first. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EXDEV')) throw fileError(thrown, from);
    await copyFile(from, to);
    await rm(from);
  }
}
