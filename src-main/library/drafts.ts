import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WorkflowId } from '#shared/ids';
import { Json } from '#shared/json';
import { Workflow } from '#shared/workflow/workflow';
import { fileError, readText, saveText, sha256 } from './files.ts';

const Draft = z.object({ id: WorkflowId, baseRevision: z.string(), savedAt: z.number(), workflow: Workflow, history: Json.optional() });
/** Unsaved work on a workflow with its undo history. `savedAt` is milliseconds since the epoch. */
export type Draft = z.infer<typeof Draft>;

/** Autosaved work, one file a workflow, written so that a crash leaves the last draft or the one before. */
export interface Drafts {
  get(id: WorkflowId): Promise<Draft | null>;
  save(draft: Draft): Promise<void>;
  discard(id: WorkflowId): Promise<void>;
  /** Which of these have one? One look at the folder for all. */
  among(ids: readonly WorkflowId[]): Promise<ReadonlySet<WorkflowId>>;
  /** Puts the draft, if there is one, under another path: for the trash. */
  moveTo(id: WorkflowId, path: string): Promise<void>;
}

const nameOf = (id: WorkflowId): string => `${sha256(id).slice(0, 32)}.json`;

/** The drafts of a data directory's `drafts` folder. A draft that can't be read is kept beside as `.broken` and counts as none. */
export function openDrafts(folder: string): Drafts {
  const pathOf = (id: WorkflowId): string => join(folder, nameOf(id));
  return {
    async get(id) {
      const path = pathOf(id);
      try {
        const draft = Draft.parse(JSON.parse(await readText(path)));
        return draft.id === id ? draft : null;
      } catch (thrown) {
        if (fileError(thrown, path).code === 'not_found') return null;
        if (!(thrown instanceof SyntaxError) && !(thrown instanceof z.ZodError)) throw fileError(thrown, path);
        await rename(path, `${path}.broken`);
        return null;
      }
    },
    save: (draft) => saveText(pathOf(draft.id), `${JSON.stringify(draft)}\n`),
    discard: (id) => rm(pathOf(id), { force: true }),
    async among(ids) {
      await mkdir(folder, { recursive: true });
      const there = new Set(await readdir(folder));
      return new Set(ids.filter((id) => there.has(nameOf(id))));
    },
    async moveTo(id, path) {
      try {
        await rename(pathOf(id), path);
      } catch (thrown) {
        if (fileError(thrown, path).code !== 'not_found') throw fileError(thrown, path);
      }
    },
  };
}
