import { useCommands } from '../commands/registry.ts';
import { exportEntry } from '../library/actions.ts';
import { useFork } from '../stores/fork.ts';
import { isActive } from '../stores/live.ts';
import { isNothing } from '../stores/edit/selection.ts';
import { openSchedule } from '../stores/view.ts';
import { toast, toastError } from '../ui/index.ts';
import { currentText } from '../i18n/use-text.ts';
import { duplicate, pasteText, redoLast, removeSelected, selectAll, undoLast } from './edit-actions.ts';
import { fit, tidyAll, zoom } from './layout-actions.ts';
import { cancel, start } from './run-actions.ts';
import { useDocument, useLive, useView } from './session.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

/** What the editor answers of the one list of commands. */
export function useEditorCommands(session: Session, onSave: () => void): void {
  const canUndo = useDocument((state) => state.history.done.length > 0);
  const canRedo = useDocument((state) => state.history.undone.length > 0);
  const selected = useView((state) => !isNothing(state.selection));
  const only = useView((state) => (state.selection.nodes.size === 1 ? [...state.selection.nodes][0] : undefined));
  const active = useLive(isActive);
  const forking = useFork(session.id) !== null;
  useCommands({
    'file.save': { run: onSave },
    'file.export': { run: () => void session.drafts.flush().then(() => exportEntry({ id: session.id })) },
    'edit.undo': { run: () => undoLast(session), enabled: canUndo },
    'edit.redo': { run: () => redoLast(session), enabled: canRedo },
    'edit.copy': { run: () => void window.document.execCommand('copy'), enabled: selected },
    'edit.cut': { run: () => void window.document.execCommand('cut'), enabled: selected },
    'edit.paste': {
      run: () =>
        void navigator.clipboard.readText().then(
          (text) => pasteText(session, text),
          () => toast({ tone: 'info', title: currentText().t(words.clipboardRefused) }),
        ),
    },
    'edit.duplicate': { run: () => duplicate(session), enabled: selected },
    'edit.selectAll': { run: () => selectAll(session) },
    'edit.delete': { run: () => removeSelected(session, false), enabled: selected },
    'edit.find': { run: () => session.view.setState({ finding: true }) },
    'edit.schedule': { run: () => openSchedule(session.view) },
    'view.fit': { run: () => fit(session) },
    'view.zoomIn': { run: () => zoom(session, 'in') },
    'view.zoomOut': { run: () => zoom(session, 'out') },
    'layout.tidy': { run: () => void tidyAll(session).catch(toastError) },
    'run.start': { run: () => void start(session, { kind: 'all' }), enabled: !active },
    'run.toHere': { run: () => (only === undefined ? undefined : void start(session, { kind: 'to', node: only })), enabled: !active && !forking && only !== undefined },
    'run.stop': { run: () => cancel(session), enabled: active },
  });
}
