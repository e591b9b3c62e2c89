import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { watch } from 'chokidar';
import { WorkflowId } from '#shared/ids';
import type { Json } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import { canonicalText } from '#shared/workflow/canonical';
import { parseWorkflow } from '#shared/workflow/parse';
import { problemLine } from '#shared/workflow/problems';
import type { Workflow } from '#shared/workflow/workflow';
import type { LibraryChange } from '../studio-types.ts';
import { fileError, readText, sha256, stampOf } from './files.ts';
import type { Stamp } from './files.ts';

/** A file of the workflow folder as it was last read. `workflow` is not kept: a large library must not fill the memory. */
export interface Book {
  readonly id: WorkflowId;
  readonly path: string;
  readonly stamp: Stamp;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly nodes: number;
  /** `metadata.schedule`, as it stands there. */
  readonly schedule: Json | undefined;
  /** Null where the file can't be read as a workflow. */
  readonly revision: string | null;
  readonly problem: string | null;
}

/** What stands in the workflow folder. It tells of every change that is not its owner's own. */
export interface Shelf {
  readonly folder: string;
  /** Looks at the folder again, reading only what has changed. */
  books(): Promise<readonly Book[]>;
  /** Where several files have one id, the first by name is it. */
  byId(id: WorkflowId): Promise<Book | null>;
  /** Takes note of what its owner has just written or removed, without telling of it. */
  note(path: string): Promise<Book | null>;
  close(): Promise<void>;
}

export interface ShelfOptions {
  readonly folder: string;
  readonly specs: readonly NodeSpec[];
  readonly onChange: (change: LibraryChange) => void;
}

const isWorkflowFile = (name: string): boolean => name.endsWith('.json') && !name.startsWith('.');
const idByPath = (path: string): WorkflowId => WorkflowId.parse(`file:${basename(path)}`);

/** Reads one file for the shelf; null where it is JSON of another kind. What is wrong with it becomes its `problem`. */
async function readBook(path: string, stamp: Stamp, specs: readonly NodeSpec[]): Promise<Book | null> {
  const name = basename(path, '.json');
  const broken = (problem: string): Book => ({ id: idByPath(path), path, stamp, name, description: '', tags: [], nodes: 0, schedule: undefined, revision: null, problem });
  try {
    const { workflow, problems } = parseWorkflow(await readText(path), { specs, name });
    if (workflow !== null) return { id: workflow.id, path, stamp, name: workflow.name, description: workflow.description, tags: workflow.tags, nodes: workflow.nodes.length, schedule: workflow.metadata['schedule'], revision: revisionOf(workflow), problem: null };
    const isOther = problems.some((one) => one.code === 'not_a_workflow' || (one.code === 'shape_missing' && one.field === 'nodes'));
    return isOther ? null : broken(problems.slice(0, 3).map(problemLine).join(' '));
  } catch (thrown) {
    const error = fileError(thrown, path);
    return error.code === 'not_found' ? null : broken([error.message, error.remedy].filter(Boolean).join(' '));
  }
}

/** SHA-256 of the canonical text. */
export const revisionOf = (workflow: Workflow): string => sha256(canonicalText(workflow));

/** Opens the workflow folder, making it where it is missing, and watches it. */
export async function openShelf({ folder, specs, onChange }: ShelfOptions): Promise<Shelf> {
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw fileError(thrown, folder);
  });
  const known = new Map<string, Book>();
  const others = new Map<string, Stamp>();
  // One look at a time: an own write is noted before the watcher's look at it.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  async function look(path: string, tell: boolean): Promise<Book | null> {
    const before = known.get(path) ?? null;
    const stamp = await stampOf(path);
    const seen = before?.stamp ?? others.get(path);
    if (stamp !== null && seen !== undefined && stamp.bytes === seen.bytes && stamp.modifiedAt === seen.modifiedAt) return before;
    const now = stamp === null ? null : await readBook(path, stamp, specs);
    if (now === null) known.delete(path);
    else known.set(path, now);
    if (now === null && stamp !== null) others.set(path, stamp);
    else others.delete(path);
    if (tell) for (const change of changesOf(before, now)) onChange(change);
    return now;
  }

  async function lookAll(tell: boolean): Promise<void> {
    const names = await readdir(folder).catch((thrown: unknown) => {
      throw fileError(thrown, folder);
    });
    const paths = new Set([...names.filter(isWorkflowFile).map((name) => join(folder, name)), ...known.keys()]);
    for (const path of paths) await look(path, tell);
  }

  const timers = new Map<string, NodeJS.Timeout>();
  const watcher = watch(folder, { depth: 0, ignoreInitial: true, ignored: (path, stats) => stats?.isFile() === true && !isWorkflowFile(basename(path)) });
  const soon = (path: string): void => {
    if (!isWorkflowFile(basename(path))) return;
    clearTimeout(timers.get(path));
    // Editors and git write in several steps: look when it has been quiet for a moment.
    timers.set(path, setTimeout(() => {
      timers.delete(path);
      inTurn(() => look(path, true)).catch(() => undefined);
    }, 120));
  };
  watcher.on('add', soon).on('change', soon).on('unlink', soon);
  // A watch that the system refuses costs the notice of outside edits, not the library: list and save look for themselves.
  watcher.on('error', () => undefined);
  await new Promise<void>((ready) => watcher.once('ready', ready));
  await inTurn(() => lookAll(false));

  const books = (): Promise<readonly Book[]> => inTurn(() => lookAll(true).then(() => withoutTwins([...known.values()])));
  return {
    folder,
    books,
    async byId(id) {
      // Where it was last: one look at one file. Whoever opens one of ten thousand need not look at all of them.
      const [first] = [...known.values()].filter((book) => book.id === id).toSorted((a, b) => (a.path < b.path ? -1 : 1));
      const now = first === undefined ? null : await inTurn(() => look(first.path, true));
      return now?.id === id ? now : ((await books()).find((book) => book.id === id) ?? null);
    },
    // Told like any other change: a second window shows the same file.
    note: (path) => inTurn(() => look(path, true)),
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      await watcher.close();
      await turn;
    },
  };
}

function changesOf(before: Book | null, now: Book | null): readonly LibraryChange[] {
  if (before === null) return now === null ? [] : [{ id: now.id, change: 'added', revision: now.revision }];
  if (now === null) return [{ id: before.id, change: 'removed', revision: null }];
  if (before.id === now.id) return before.revision === now.revision && before.problem === now.problem ? [] : [{ id: now.id, change: 'changed', revision: now.revision }];
  // A file that can't be read for the moment is still that workflow's: its window must hear of it.
  if (now.revision === null) return [{ id: before.id, change: 'changed', revision: null }];
  return [{ id: before.id, change: before.revision === null ? 'removed' : 'changed', revision: null }, { id: now.id, change: 'added', revision: now.revision }];
}

/** Of two files with one id the first by name has it; the other is listed with what is wrong. */
function withoutTwins(books: readonly Book[]): readonly Book[] {
  const first = new Map<string, string>();
  return books
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((book) => {
      const twin = first.get(book.id);
      first.set(book.id, twin ?? book.path);
      if (twin === undefined) return book;
      return { ...book, id: idByPath(book.path), revision: null, problem: `${basename(twin)} has the same id “${book.id}”. Give one of the two files another id.` };
    });
}
