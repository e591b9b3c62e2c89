import { useEffect } from 'react';
import { check } from '#shared/workflow/check';
import { nameMoment, routeNow } from '../app/router.ts';
import { follow } from '../client/client.ts';
import { isTyping } from '../commands/keys.ts';
import { onConnectionsChanged } from '../connections/news.ts';
import { firstMistake, itemsOf, keysOfItems } from '../schedule-form/items.ts';
import { noticeOutside } from '../stores/document.ts';
import { nodeById, outputsOf } from '../stores/edit/ports.ts';
import { isActive } from '../stores/live.ts';
import { closeSchedule, openSchedule } from '../stores/view.ts';
import { watchProblems } from '../stores/problems.ts';
import { copied, pasteText, removeSelected } from './edit-actions.ts';
import { findRunning, stopWatching } from './run-actions.ts';
import { takeFile } from './save-actions.ts';
import { workflowOf } from './session.ts';
import type { Session } from './session.ts';

const STUDIO_CHECK_MS = 700;
const OWN_SAVE_MS = 250;

/** Keeps the list of problems right: at once by what the window knows, then by the studio, which asks the node types themselves. */
function keepProblems(session: Session): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    const workflow = workflowOf(session);
    session.client.workflows.check({ workflow }).then(
      (all) => (session.document.getState().workflow === workflow ? session.problems.setState({ all, byNode: Map.groupBy(all.filter((one) => one.node !== undefined), (one): string => one.node ?? '') }) : undefined),
      () => undefined, // The window's own check stands.
    );
  };
  const stops = [
    watchProblems(session.document, session.problems, (workflow) => {
      clearTimeout(timer);
      timer = setTimeout(ask, STUDIO_CHECK_MS);
      return check(workflow, session.specList).problems;
    }),
    // Which connections there are, the studio alone knows.
    onConnectionsChanged(ask),
  ];
  return () => {
    clearTimeout(timer);
    stops.forEach((stop) => stop());
  };
}

const ours = (event: Event): boolean => !isTyping(event.target) && window.document.getSelection()?.isCollapsed !== false;

/** The command list would take these keys from the browser, and its clipboard events would never come. */
const keepClipboardKeys = (event: KeyboardEvent): void => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && ['c', 'x', 'v'].includes(event.key.toLowerCase())) event.stopPropagation();
};

/** Copy, cut and paste through the browser's own events: they need no permission, and text fields keep theirs. */
function listenToClipboard(session: Session): () => void {
  const onCopy = (event: ClipboardEvent): void => {
    const text = ours(event) ? copied(session) : null;
    if (text === null) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    if (event.type === 'cut') removeSelected(session, false);
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (!ours(event)) return;
    event.preventDefault();
    pasteText(session, event.clipboardData?.getData('text/plain') ?? '');
  };
  const { document } = window;
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCopy);
  document.addEventListener('paste', onPaste);
  document.addEventListener('keydown', keepClipboardKeys);
  return () => {
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCopy);
    document.removeEventListener('paste', onPaste);
    document.removeEventListener('keydown', keepClipboardKeys);
  };
}

/** Drafts are kept when the window hides or closes, not only after a pause. */
function flushOnLeave(session: Session): () => void {
  const flush = (): void => void session.drafts.flush();
  const onHide = (): void => (window.document.visibilityState === 'hidden' ? flush() : undefined);
  window.addEventListener('pagehide', flush);
  window.addEventListener('blur', flush);
  window.document.addEventListener('visibilitychange', onHide);
  return () => {
    window.removeEventListener('pagehide', flush);
    window.removeEventListener('blur', flush);
    window.document.removeEventListener('visibilitychange', onHide);
    session.drafts.stop();
  };
}

/** Notices the file changing outside. Without unsaved work here, what is new is simply taken over. */
function noticeFile(session: Session): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = follow((signal) => session.client.workflows.changes(undefined, { signal }), {
    forever: true,
    onValue: (news) => {
      if (news.id !== session.id) return;
      clearTimeout(timer);
      // The answer to a save of our own may come after the news of it.
      timer = setTimeout(() => look(news.change, news.revision), OWN_SAVE_MS);
    },
  });
  const look = (change: 'added' | 'changed' | 'removed', revision: string | null): void => {
    const state = session.document.getState();
    if (change === 'removed') noticeOutside(session.document, null);
    else if (revision === null || revision === state.revision) return;
    else if (!state.dirty && !isActive(session.live.getState())) void takeFile(session);
    else noticeOutside(session.document, revision);
  };
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** The Data panel follows the selection, however it was made: click, arrow keys, find. */
const followSelection = (session: Session): (() => void) =>
  session.view.subscribe(({ selection, data }, before) => {
    if (selection === before.selection || selection.nodes.size !== 1) return;
    const [only] = selection.nodes;
    const node = only === undefined ? null : nodeById(workflowOf(session), only);
    if (node !== null && data?.node !== node.id) session.view.setState({ data: { node: node.id, port: outputsOf(session.specs, node)[0]?.name ?? '' } });
  });

/** Who turns to a node wants its form: the schedules give the inspector its place back. */
const leaveSchedule = (session: Session): (() => void) =>
  session.view.subscribe(({ selection, schedule }, before) => {
    if (schedule !== null && selection !== before.selection && selection.nodes.size > 0) closeSchedule(session.view);
  });

/** An address may name a schedule: its form opens, and the address is the editor's again. */
function followAddress(session: Session): () => void {
  const look = (): void => {
    const route = routeNow();
    if (route.place !== 'edit' || route.workflowId !== session.id || route.schedule === undefined) return;
    const { schedule, ...rest } = route;
    const index = Math.max(0, keysOfItems(itemsOf(workflowOf(session))).indexOf(schedule));
    openSchedule(session.view, index, firstMistake(workflowOf(session), index));
    nameMoment(rest);
  };
  look();
  window.addEventListener('hashchange', look);
  return () => window.removeEventListener('hashchange', look);
}

/** Everything that goes on for as long as the editor is open. */
export function useSessionEffects(session: Session): void {
  useEffect(() => {
    const stops = [keepProblems(session), listenToClipboard(session), flushOnLeave(session), noticeFile(session), followSelection(session), leaveSchedule(session), followAddress(session), () => stopWatching(session)];
    void findRunning(session);
    return () => stops.forEach((stop) => stop());
  }, [session]);
}
