import { tidy } from '../canvas/tidy.ts';
import { move } from '../stores/edit/change.ts';
import { toastError } from '../ui/index.ts';
import { boxesOf } from './edit-actions.ts';
import { change, workflowOf } from './session.ts';
import type { Session } from './session.ts';

const PADDING = 0.2;

/** Shows the whole workflow, or what is selected of it. */
export const fit = (session: Session): void => void session.flow.current?.fitView({ padding: PADDING, maxZoom: 1, duration: 220 });

/** A step in or out, or exactly this scale. */
export function zoom(session: Session, to: 'in' | 'out' | number): void {
  const flow = session.flow.current;
  if (to === 'in') void flow?.zoomIn({ duration: 120 });
  else if (to === 'out') void flow?.zoomOut({ duration: 120 });
  else void flow?.zoomTo(to, { duration: 120 });
}

/** Lays the workflow out anew: the selected nodes when there are several, else all of them. One step to undo. */
export async function tidyAll(session: Session): Promise<void> {
  const some = session.view.getState().selection.nodes.size > 1;
  const boxes = boxesOf(session, some);
  if (boxes.length === 0) return;
  try {
    const places = await tidy(boxes, workflowOf(session).edges);
    change(session, 'tidy', (workflow) => move(workflow, places));
    if (!some) requestAnimationFrame(() => fit(session));
  } catch (thrown) {
    toastError(thrown);
  }
}
