import { toErrorInfo } from '#shared/errors';
import { NodeId, RunId } from '#shared/ids';
import { stopsRuns } from '#shared/workflow/check';
import { problemText } from '#shared/workflow/problems';
import type { RunUpdate } from '#shared/contract/runs';
import { follow } from '../client/client.ts';
import { go } from '../app/router.ts';
import { isTyping } from '../commands/keys.ts';
import { currentText } from '../i18n/use-text.ts';
import { forkNow } from '../stores/fork.ts';
import { follows, isActive, noRun } from '../stores/live.ts';
import { leadTo, showPanel } from '../stores/view.ts';
import { toast, toastError, untoast } from '../ui/index.ts';
import { reveal } from './edit-actions.ts';
import { workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

/** What of the document is to run. */
export type Scope = { readonly kind: 'all' } | { readonly kind: 'to' | 'from'; readonly node: string };

const watches = new WeakMap<Session, () => void>();

/** Asks for a run of the document: of the fork that the editor is for, which is always a whole one, or a new one. */
function ask(session: Session, scope: Scope): Promise<{ readonly runId: string }> {
  const workflow = workflowOf(session);
  const fork = forkNow(session.id);
  if (fork !== null) return session.client.runs.fork({ runId: RunId.parse(fork.run), version: fork.version, workflow });
  return session.client.runs.start({ workflowId: session.id, workflow, scope: scope.kind === 'all' ? scope : { kind: scope.kind, node: NodeId.parse(scope.node) } });
}

/** Runs the document as it stands, saved or not. Problems that keep it from running are shown where they are. */
export async function start(session: Session, scope: Scope): Promise<void> {
  if (isActive(session.live.getState())) return;
  untoast('run');
  const { t, language } = currentText();
  session.live.setState({ ...noRun, starting: true }, true);
  try {
    watch(session, (await ask(session, scope)).runId);
  } catch (thrown) {
    session.live.setState(noRun, true);
    const [first, ...others] = session.problems.getState().all.filter((one) => stopsRuns(one) || one.code.startsWith('connection_'));
    if (toErrorInfo(thrown).code !== 'invalid_workflow' || first === undefined) return toastError(thrown);
    showPanel(session.view, 'problems');
    // One connection is all that is missing: its field is where it is set up.
    if (others.length === 0 && first.node !== undefined && first.code.startsWith('connection_')) leadTo(session.view, first.node, first.field ?? null);
    toast({ topic: 'run', tone: 'error', title: t(words.fixFirst, others.length + 1), text: problemText(first, language).message });
  }
}

/** Watches a run in this editor: its updates are folded once a frame. */
export function watch(session: Session, runId: string): void {
  stopWatching(session);
  let waiting: RunUpdate[] = [];
  const fold = (): void => {
    const updates = waiting;
    waiting = [];
    if (updates.length > 0) session.live.setState((state) => updates.reduce(follows, state));
  };
  const stop = follow((signal) => session.client.runs.watch({ runId: RunId.parse(runId) }, { signal }), {
    onStart: () => session.live.setState({ ...noRun, runId, starting: true }, true),
    onValue: (update) => {
      if (waiting.length === 0) requestAnimationFrame(fold);
      waiting.push(update);
    },
    onEnd: () => requestAnimationFrame(() => tell(session)),
    onError: (thrown) => {
      const gone = toErrorInfo(thrown).code === 'not_found';
      if (gone) session.live.setState(noRun, true);
      return gone;
    },
  });
  watches.set(session, stop);
}

/** Stops looking; the run goes on. */
export function stopWatching(session: Session): void {
  watches.get(session)?.();
  untoast('run');
}

/** Shows how a run ended: its result where nothing else is looked at, or the node that failed and why. */
function tell(session: Session): void {
  const { run } = session.live.getState();
  const { nodes } = workflowOf(session);
  if (run?.status === 'completed' && session.view.getState().data === null) {
    const sink = nodes.find((node) => node.type === 'sink' && run.nodes[node.id]?.status === 'completed');
    if (sink !== undefined) session.view.setState({ data: { node: sink.id, port: '' } });
  }
  if (run?.status !== 'failed') return;
  const failed = nodes.find((node) => node.id === run.failedNode);
  if (failed !== undefined && !isTyping(window.document.activeElement)) {
    reveal(session, failed.id);
    return showPanel(session.view, 'data');
  }
  const { t } = currentText();
  toast({
    topic: 'run',
    tone: 'error',
    title: t(words.runFailed),
    text: [run.error?.message, run.error?.remedy].filter(Boolean).join(' '),
    detail: run.error?.detail,
    action: { label: t(words.openRun), run: () => go({ place: 'run', runId: run.id }) },
  });
}

/** Asks the run to stop; it ends when its worker has. */
export function cancel(session: Session): void {
  const { runId } = session.live.getState();
  if (runId !== null) session.client.runs.cancel({ runId: RunId.parse(runId) }).catch(toastError);
}

/** Goes on watching a run of this workflow that is under way, after a reload for example. */
export async function findRunning(session: Session): Promise<void> {
  try {
    const { rows } = await session.client.runs.list({ filter: { workflowId: session.id, status: ['queued', 'running', 'interrupted', 'paused'] }, limit: 1 });
    const [row] = rows;
    if (row !== undefined && session.live.getState().runId === null) watch(session, row.id);
  } catch {
    // The list is a courtesy: without it a person still sees the run among the runs.
  }
}
