import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from '#shared/contract/studio';
import { workflowStream } from '#shared/events';
import type { WorkflowId } from '#shared/ids';
import type { Journal } from '../../journal/journal.ts';
import { defaultSettings } from '../../library/settings.ts';

const Glanced = Settings.pick({ schedulesPaused: true, folder: true });
type Glanced = Pick<Settings, 'schedulesPaused' | 'folder'>;

/** What settings.json says, without opening a studio; where it can't be read, or says something that is not allowed, the defaults. */
export function glanceAtSettings(dataDir: string): Glanced {
  try {
    return Glanced.parse({ ...defaultSettings(dataDir), ...(json(join(dataDir, 'settings.json')) as object) });
  } catch {
    return defaultSettings(dataDir);
  }
}

/** The file of a workflow: where the journal knows it was saved last, or else the one of that id in the workflow folder; null where there is none. */
export function workflowFile(dataDir: string, journal: Pick<Journal, 'read'>, workflow: WorkflowId): string | null {
  const last = journal.read(workflowStream(workflow)).at(-1);
  if ((last?.type === 'WorkflowSaved' || last?.type === 'WorkflowImported') && existsSync(last.data.path)) return last.data.path;
  const { folder } = glanceAtSettings(dataDir);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.map((name) => join(folder, name)).find((file) => hasId(file, workflow)) ?? null;
}

function hasId(file: string, id: string): boolean {
  try {
    return (json(file) as { readonly id?: unknown } | null)?.id === id;
  } catch {
    return false;
  }
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
