import { AlignHorizontalSpaceBetween, AlignStartHorizontal, AlignStartVertical, Ban, ClipboardPaste, Copy, CopyPlus, Group, Network, Play, Plus, Scissors, StickyNote, Table2, Trash2, Unlink } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { words as canvasWords } from '../canvas/words.ts';
import { noteIdOf } from '../canvas/flow-elements.ts';
import { commandOf } from '../commands/list.ts';
import type { CommandId } from '#shared/commands';
import { runCommand } from '../commands/registry.ts';
import { useText } from '../i18n/use-text.ts';
import { useFork } from '../stores/fork.ts';
import { select, showPanel } from '../stores/view.ts';
import { ContextMenu } from '../ui/index.ts';
import type { MenuEntry } from '../ui/index.ts';
import { addNoteHere, alignSelected, groupSelected, removeSelected, toggleDisabled } from './edit-actions.ts';
import { start } from './run-actions.ts';
import { useSession, workflowOf } from './session.ts';
import type { Session } from './session.ts';
import { alignText, words } from './words.ts';

const line = (id: string): MenuEntry => ({ kind: 'separator', id });

/** Selects what the menu was asked for, unless it is part of the selection already. */
function selectUnder(session: Session, target: Element): 'node' | 'edge' | 'pane' {
  const node = target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
  const edge = target.closest<SVGElement>('.react-flow__edge')?.dataset['id'];
  const { selection } = session.view.getState();
  if (node !== undefined) {
    const note = noteIdOf(node);
    if (note === null && !selection.nodes.has(node)) select(session.view, [node]);
    if (note !== null && !selection.notes.has(note)) select(session.view, [], [note]);
    return 'node';
  }
  if (edge !== undefined) {
    if (!selection.edges.has(edge)) select(session.view, [], [], [edge]);
    return 'edge';
  }
  return selection.nodes.size > 1 && target.closest('.react-flow__nodesselection') !== null ? 'node' : 'pane';
}

/** The menu behind a right click on the canvas. Its list is made from what is under the pointer. */
export function CanvasMenu({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const { t, pick } = useText();
  const [at, setAt] = useState<{ readonly on: 'node' | 'edge' | 'pane'; readonly x: number; readonly y: number }>({ on: 'pane', x: 0, y: 0 });
  const command = (id: CommandId, icon: ReactNode, danger = false): MenuEntry => {
    const { text, keys } = commandOf(id);
    return { id, label: pick(text), icon, keys, danger, onSelect: () => runCommand(id) };
  };
  const { nodes } = session.view.getState().selection;
  const one = nodes.size === 1 ? [...nodes][0] : undefined;
  const off = workflowOf(session).nodes.some((node) => nodes.has(node.id) && node.disabled !== true);
  const flowAt = (): { x: number; y: number } => session.flow.current?.screenToFlowPosition({ x: at.x, y: at.y }) ?? { x: 0, y: 0 };

  // A fork runs the whole workflow.
  const disabled = useFork(session.id) !== null;

  const ofNode = (): MenuEntry[] => [
    ...(one === undefined
      ? []
      : [
          { id: 'to', label: t(words.runToHere), icon: <Play />, keys: commandOf('run.toHere').keys, disabled, onSelect: () => void start(session, { kind: 'to', node: one }) } satisfies MenuEntry,
          { id: 'from', label: t(words.runFromHere), icon: <Play />, disabled, onSelect: () => void start(session, { kind: 'from', node: one }) } satisfies MenuEntry,
          { id: 'data', label: t(words.showData), icon: <Table2 />, onSelect: () => showPanel(session.view, 'data') } satisfies MenuEntry,
          line('l1'),
        ]),
    command('edit.cut', <Scissors />),
    command('edit.copy', <Copy />),
    command('edit.duplicate', <CopyPlus />),
    ...(nodes.size === 0 ? [] : [{ id: 'off', label: t(off ? words.disable : words.enable), icon: <Ban />, onSelect: () => toggleDisabled(session) } satisfies MenuEntry]),
    ...(nodes.size < 2
      ? []
      : [
          line('l2'),
          ...(['left', 'top', 'spreadX', 'spreadY'] as const).map((how): MenuEntry => ({
            id: how,
            label: pick(alignText[how]),
            icon: how === 'left' ? <AlignStartVertical /> : how === 'top' ? <AlignStartHorizontal /> : <AlignHorizontalSpaceBetween />,
            onSelect: () => alignSelected(session, how),
          })),
          command('layout.tidy', <Network />),
        ]),
    ...(nodes.size === 0 ? [] : [{ id: 'group', label: t(words.group), icon: <Group />, onSelect: () => groupSelected(session) } satisfies MenuEntry]),
    line('l3'),
    ...(nodes.size === 0 ? [] : [{ id: 'heal', label: t(words.deleteHeal), icon: <Unlink />, danger: true, onSelect: () => removeSelected(session, true) } satisfies MenuEntry]),
    command('edit.delete', <Trash2 />, true),
  ];
  const ofEdge = (): MenuEntry[] => [
    { id: 'insert', label: t(canvasWords.insertHere), icon: <Plus />, onSelect: () => openQuickAdd([...session.view.getState().selection.edges][0] ?? null) },
    { id: 'data', label: t(words.showData), icon: <Table2 />, onSelect: () => showPanel(session.view, 'data') },
    line('l'),
    command('edit.delete', <Trash2 />, true),
  ];
  const openQuickAdd = (edge: string | null): void => session.view.setState({ quickAdd: { at: flowAt(), screen: { x: at.x, y: at.y }, end: null, edge } });
  const ofPane = (): MenuEntry[] => [
    { id: 'add', label: t(words.quickAdd), icon: <Plus />, keys: '/', onSelect: () => openQuickAdd(null) },
    { id: 'note', label: t(words.addNote), icon: <StickyNote />, onSelect: () => addNoteHere(session, flowAt()) },
    line('l1'),
    command('edit.paste', <ClipboardPaste />),
    command('edit.selectAll', undefined),
    line('l2'),
    command('layout.tidy', <Network />),
    command('view.fit', undefined),
  ];
  const lists = { node: ofNode, edge: ofEdge, pane: ofPane };
  return (
    <ContextMenu entries={lists[at.on]()}>
      <div
        className="h-full w-full"
        onContextMenuCapture={(event) => {
          if (event.target instanceof Element) setAt({ on: selectUnder(session, event.target), x: event.clientX, y: event.clientY });
        }}
      >
        {children}
      </div>
    </ContextMenu>
  );
}
