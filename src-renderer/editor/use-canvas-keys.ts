import { useCallback } from 'react';
import type { KeyboardEvent } from 'react';
import { isTyping } from '../commands/keys.ts';
import type { Direction } from '../stores/edit/arrange.ts';
import { select } from '../stores/view.ts';
import { behindSelected, centre, nudge, walkTo } from './edit-actions.ts';
import type { Session } from './session.ts';

const arrows: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const steps: Readonly<Record<Direction, readonly [number, number]>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** Keys that mean something only on the canvas: arrows walk the graph, with Alt or Shift they move what is selected. */
export function useCanvasKeys(session: Session): (event: KeyboardEvent) => void {
  return useCallback(
    (event) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey) return;
      const direction = arrows[event.key];
      if (direction !== undefined) {
        event.preventDefault();
        const [dx, dy] = steps[direction];
        const step = event.shiftKey ? 40 : 8;
        if (event.altKey || event.shiftKey) nudge(session, dx * step, dy * step);
        else walkTo(session, direction);
      } else if (event.key === 'Escape') {
        select(session.view, []);
      } else if (event.key === 'Tab' && !event.shiftKey && event.target instanceof HTMLElement && event.target.classList.contains('react-flow__pane')) {
        walkTo(session, 'right');
      } else if ((event.key === 'Enter' || event.key === ' ') && event.target instanceof HTMLElement) {
        const id = event.target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
        if (id === undefined || event.target.tagName === 'BUTTON') return;
        event.preventDefault();
        select(session.view, [id]);
        session.view.setState({ inspectorOpen: true });
      } else if (event.key === '/' && !event.altKey) {
        event.preventDefault();
        const pane = window.document.querySelector('.react-flow')?.getBoundingClientRect();
        const screen = session.pointer.current ?? { x: (pane?.x ?? 0) + (pane?.width ?? 0) / 2, y: (pane?.y ?? 0) + (pane?.height ?? 0) / 3 };
        const behind = behindSelected(session);
        session.view.setState({ quickAdd: { at: behind?.at ?? session.flow.current?.screenToFlowPosition(screen) ?? centre(session), screen, end: behind?.end ?? null, edge: null } });
      }
    },
    [session],
  );
}
