import { toErrorInfo } from '#shared/errors';
import { keys, queryClient } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { currentText } from '../i18n/use-text.ts';
import { markSaved, takeTheirs } from '../stores/document.ts';
import { toast, toastError } from '../ui/index.ts';
import { change, workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

/** How a save ended: written, refused because the file is another one by now, or failed (and said so). */
export type SaveOutcome = 'saved' | 'conflict' | 'failed';

/** Writes the file. With `overwrite` whatever is on disk gives way. */
export async function save(session: Session, overwrite = false): Promise<SaveOutcome> {
  const { workflow, revision, outside } = session.document.getState();
  // A file that was removed has no revision to agree with.
  const expectedRevision = overwrite || outside?.revision === null ? null : revision;
  try {
    await session.drafts.flush();
    const written = await session.client.workflows.save({ id: session.id, workflow, expectedRevision });
    markSaved(session.document, workflow, { revision: written.revision, path: written.path, at: session.now() });
    // The library says of each workflow whether it has a draft.
    if (!session.document.getState().dirty) session.client.workflows.discardDraft({ id: session.id }).then(() => queryClient.invalidateQueries({ queryKey: keys.library }), toastError);
    return 'saved';
  } catch (thrown) {
    if (toErrorInfo(thrown).code === 'conflict') return 'conflict';
    toastError(thrown);
    return 'failed';
  }
}

/** Takes what the file holds now. What was here can be had back with undo. */
export async function takeFile(session: Session): Promise<void> {
  try {
    takeTheirs(session.document, await session.client.workflows.open({ id: session.id }), session.now());
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Goes back to what the file held when it was last read; one step to undo. */
export const revert = (session: Session): void => change(session, 'replace', () => session.document.getState().saved);

/** Writes the document into a new file and opens that. */
export async function saveCopy(session: Session): Promise<void> {
  const { t } = currentText();
  const workflow = workflowOf(session);
  try {
    const made = await session.client.workflows.import({ name: t(words.copyOf, workflow.name), text: JSON.stringify({ ...workflow, name: t(words.copyOf, workflow.name) }) });
    go({ place: 'edit', workflowId: made.id });
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Saves and says what came of it; a conflict is the caller's to ask about. */
export async function saveAloud(session: Session, onConflict: () => void): Promise<void> {
  const outcome = await save(session);
  if (outcome === 'conflict') onConflict();
  else if (outcome === 'saved') toast({ tone: 'success', title: currentText().t(words.savedToFile), text: session.document.getState().path });
}
