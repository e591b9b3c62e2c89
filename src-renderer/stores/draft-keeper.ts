import type { Json } from '#shared/json';
import type { WorkflowId } from '#shared/ids';
import type { Workflow } from '#shared/workflow/workflow';
import type { Document } from './document.ts';

/** Milliseconds of quiet after which a change is kept. */
export const QUIET_MS = 500;

interface Keeping {
  readonly save: (draft: { readonly id: WorkflowId; readonly workflow: Workflow; readonly baseRevision: string; readonly history: Json }) => Promise<unknown>;
  readonly onFailure: (thrown: unknown) => void;
}

/** Keeps the document as a draft while it is worked on. One call at a time, the newest state last. */
export interface DraftKeeper {
  /** Keeps what is not kept yet, now; used before the window hides, closes or runs. */
  flush(): Promise<void>;
  stop(): void;
}

/** Starts keeping drafts of a document. The draft holds the undo history, so that a restart can still undo. */
export function keepDrafts(id: WorkflowId, document: Document, { save, onFailure }: Keeping): DraftKeeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let kept = document.getState().workflow;
  let going: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const { workflow, revision, history } = document.getState();
    if (workflow === kept) return;
    const before = kept;
    kept = workflow;
    try {
      await save({ id, workflow, baseRevision: revision, history: history as unknown as Json });
    } catch (thrown) {
      kept = before;
      onFailure(thrown);
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    going = going.then(keep);
    return going;
  };
  const unsubscribe = document.subscribe((state, before) => {
    if (state.workflow === before.workflow) return;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), QUIET_MS);
  });
  return {
    flush,
    stop: () => {
      unsubscribe();
      void flush();
    },
  };
}
