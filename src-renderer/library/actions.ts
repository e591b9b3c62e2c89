import type { LibraryEntry } from '#shared/contract/workflows';
import { client } from '../client/client.ts';
import { keys, queryClient } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { askForMissing } from '../connections/actions.ts';
import { currentText } from '../i18n/use-text.ts';
import { common } from '../i18n/common.ts';
import { openRunText } from '../runs/run-actions.ts';
import { isRunFile } from '../runs/run-file.ts';
import { toast, toastError } from '../ui/toast.tsx';
import { libraryText } from './text.ts';

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: keys.library });

/** Makes a workflow, empty or from a template, and opens it. */
export async function createWorkflow(name: string, template: string | null): Promise<void> {
  const made = await client.workflows.create({ name, ...(template === null ? {} : { template }) });
  refresh();
  go({ place: 'edit', workflowId: made.id });
  void askForMissing([made.id]);
}

/** Starts the saved workflow and offers the way to its run. */
export async function runEntry(entry: LibraryEntry): Promise<void> {
  const { t } = currentText();
  try {
    const { runId } = await client.runs.start({ workflowId: entry.id });
    toast({ tone: 'info', title: t(libraryText.started, entry.name), action: { label: t(libraryText.showRun), run: () => go({ place: 'run', runId }) } });
    void queryClient.invalidateQueries({ queryKey: keys.runs });
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Saves the canonical text wherever the browser, or Electron's dialog, puts downloads. */
export async function exportEntry(entry: Pick<LibraryEntry, 'id'>): Promise<void> {
  try {
    const { text, fileName } = await client.workflows.export({ id: entry.id });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (thrown) {
    toastError(thrown);
  }
}

/** A second workflow with the same content and a name that says so. */
export async function duplicateEntry(entry: LibraryEntry): Promise<void> {
  const { t } = currentText();
  try {
    const { text } = await client.workflows.export({ id: entry.id });
    const name = t(libraryText.copyOf, entry.name);
    const copy = { ...(JSON.parse(text) as Record<string, unknown>), name };
    const made = await client.workflows.import({ text: JSON.stringify(copy), name: `${name}.json` });
    refresh();
    toast({ tone: 'success', title: t(libraryText.duplicated, name), action: { label: t(common.open), run: () => go({ place: 'edit', workflowId: made.id }) } });
  } catch (thrown) {
    toastError(thrown);
  }
}

export async function deleteEntry(entry: LibraryEntry): Promise<void> {
  const { t } = currentText();
  try {
    await client.workflows.delete({ id: entry.id });
    refresh();
    toast({ tone: 'success', title: t(libraryText.deleted, entry.name) });
  } catch (thrown) {
    toastError(thrown);
  }
}

export async function revealEntry(entry: LibraryEntry): Promise<void> {
  try {
    await client.files.reveal({ path: entry.path });
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Imports files one by one: a bad one does not stop the rest. A single good one is opened; an exported run is opened to be looked at. */
export async function importFiles(files: readonly File[]): Promise<void> {
  const { t } = currentText();
  const imported: { readonly id: string; readonly problems: number }[] = [];
  for (const file of files) {
    try {
      const text = await file.text();
      if (isRunFile(text)) {
        await openRunText(text, file.name);
        continue;
      }
      const made = await client.workflows.import({ text, name: file.name });
      imported.push({ id: made.id, problems: made.problems.length });
    } catch (thrown) {
      toastError(thrown, t(libraryText.importFailed, file.name));
    }
  }
  if (imported.length === 0) return;
  refresh();
  const problems = imported.reduce((sum, one) => sum + one.problems, 0);
  toast({ tone: 'success', title: t(libraryText.imported, imported.length), text: problems > 0 ? t(libraryText.importedWith, problems) : undefined });
  const [only] = imported;
  if (imported.length === 1 && only !== undefined) go({ place: 'edit', workflowId: only.id });
  void askForMissing(imported.map((one) => one.id));
}

/** Lets the person choose files to import. */
export function chooseImport(): Promise<void> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.multiple = true;
  return new Promise((resolve) => {
    input.addEventListener('change', () => void importFiles([...(input.files ?? [])]).then(resolve));
    input.addEventListener('cancel', () => resolve());
    input.click();
  });
}
