import { NodeId, RunId } from '#shared/ids';
import type { Sample } from '#shared/data';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { currentText } from '../i18n/use-text.ts';
import { patchNode } from '../stores/edit/change.ts';
import { setOnError } from '../stores/edit/error-port.ts';
import { pinOf } from '../stores/edit/pin.ts';
import { outputsOf, specOf } from '../stores/edit/ports.ts';
import { toast, toastError } from '../ui/index.ts';
import { undoLast } from './edit-actions.ts';
import { change, workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

const offerUndo = (session: Session): { readonly label: string; readonly run: () => void } => {
  const { workflow } = session.document.getState();
  const { t } = currentText();
  // The toast may outlive the step: it takes back this one, not a later one.
  return { label: t(words.undoThis), run: () => (workflowOf(session) === workflow ? undoLast(session) : toast({ tone: 'info', title: t(words.undoLater) })) };
};

/** Says what a failure of a node means; says so where connections of its error port go with it. */
export function changeOnError(session: Session, node: string, onError: NonNullable<WorkflowNode['onError']>): void {
  const { removed } = setOnError(workflowOf(session), session.specs, node, onError);
  change(session, 'settings', (workflow) => setOnError(workflow, session.specs, node, onError).workflow);
  if (removed > 0) toast({ topic: 'error-port', tone: 'info', title: currentText().t(words.errorEdgesGone, removed), action: offerUndo(session) });
}

/** Where the rows that are looked at come from: the last run here, or a preview. */
export type RowsFrom = { readonly kind: 'run'; readonly run: string } | { readonly kind: 'preview' };

/** The rows that are there of a node's outputs. A preview has none of the error port: that nothing fails is what a pin wants. */
async function samplesOf(session: Session, node: WorkflowNode, from: RowsFrom): Promise<ReadonlyMap<string, Sample>> {
  const workflow = workflowOf(session);
  const at = { node: NodeId.parse(node.id) };
  const { samples } = session.live.getState();
  const ports = from.kind === 'preview' ? (specOf(session.specs, node)?.outputs ?? []) : outputsOf(session.specs, node).filter((port) => samples.has(`${node.id}:${port.name}`));
  const found = await Promise.all(
    ports.map(async ({ name: port }) => {
      const sample = from.kind === 'preview' ? (await session.client.workflows.preview({ ...at, workflow, port, limit: 1000 })).sample : await session.client.runs.sample({ ...at, runId: RunId.parse(from.run), port });
      return [port, sample] as const;
    }),
  );
  return new Map(found.flatMap(([port, sample]) => (sample === null ? [] : [[port, sample] as const])));
}

/** Pins a node to the rows that are there of its outputs: from then on they are used instead of running it. */
export async function pinNode(session: Session, node: WorkflowNode, from: RowsFrom): Promise<void> {
  const { t } = currentText();
  try {
    const { pin, rows, partial } = pinOf(await samplesOf(session, node, from));
    change(session, 'pin', (workflow) => patchNode(workflow, node.id, { pin }));
    toast({ topic: 'pin', tone: 'success', title: t(words.pinnedNow, rows), ...(partial ? { text: t(words.pinnedPart) } : {}), action: offerUndo(session) });
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Lets a node run again. */
export const unpinNode = (session: Session, node: string): void => change(session, 'unpin', (workflow) => patchNode(workflow, node, { pin: undefined }));
