import type { PauseAnswer } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Workflow } from '#shared/workflow/workflow';
import { keys, queryClient } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { client } from '../client/client.ts';
import { currentText } from '../i18n/use-text.ts';
import { toast, toastError } from '../ui/toast.tsx';
import { saveText } from './save-text.ts';
import { runsText } from './text.ts';
import { words } from './words.ts';

function opened(runId: RunId): void {
  void queryClient.invalidateQueries({ queryKey: keys.runs });
  toast({ tone: 'info', title: currentText().t(runsText.startedRun) });
  go({ place: 'run', runId });
}

const isMissing = (thrown: unknown): boolean => typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'not_found';

/** Runs the workflow again as it is saved now; where the library no longer has it, as it ran. */
export async function runAgain(run: Run, asItRan: Workflow | null): Promise<void> {
  try {
    opened((await client.runs.start({ workflowId: run.workflowId, scope: run.scope })).runId);
  } catch (thrown) {
    if (!isMissing(thrown) || asItRan === null) throw thrown;
    opened((await client.runs.start({ workflow: asItRan, scope: run.scope })).runId);
  }
}

/** A new run that reuses what still stands: from where it failed, or from a node. Goes to its page. */
export async function rerun(run: Run, from: string | null): Promise<void> {
  opened((await client.runs.rerun({ runId: run.id, ...(from === null ? {} : { from }) })).runId);
}

export async function cancelRun(run: Run): Promise<void> {
  await client.runs.cancel({ runId: run.id });
}

export async function answerRun(run: Run, answer: PauseAnswer): Promise<void> {
  await client.runs.answer({ runId: run.id, answer });
}

/** Saves the run as one file, with the rows kept of it or without. */
export async function exportRun(run: Run, data: boolean): Promise<void> {
  const { text, fileName } = await client.runs.export({ runId: run.id, data });
  saveText(text, fileName);
  toast({ tone: 'success', title: currentText().t(words.exported, fileName) });
}

/** Opens an exported run to be looked at, and goes to its page. */
export async function openRunText(text: string, name: string): Promise<void> {
  try {
    go({ place: 'run', runId: (await client.runs.openFile({ text })).runId });
  } catch (thrown) {
    toastError(thrown, currentText().t(words.notARunFile, name));
  }
}

/** Lets the person choose an exported run. */
export function chooseRunFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void file.text().then((text) => openRunText(text, file.name));
  });
  input.click();
}
