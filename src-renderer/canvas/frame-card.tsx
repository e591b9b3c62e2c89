import { NodeResizer } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import type { NoteNode } from './flow-elements.ts';
import { useGraph } from './graph-context.ts';
import { words } from './words.ts';

/** A note, or a group's frame: text that is written in place, a size that is dragged. */
export const FrameCard = memo(function FrameCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const { t } = useText();
  const { readOnly, onNoteText, onNoteSize } = useGraph();
  const [draft, setDraft] = useState<string | null>(null);
  const group = note.kind === 'group';
  const finish = (): void => {
    if (draft !== null && draft !== note.text) onNoteText?.(note.id, draft);
    setDraft(null);
  };
  return (
    <div
      className={cx('h-full w-full rounded-xl', group ? 'border border-dashed bg-flow-soft/40' : 'rounded-lg border bg-interrupted-soft', selected ? 'border-accent' : group ? 'border-flow/40' : 'border-interrupted/25')}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (!readOnly) setDraft(note.text);
      }}
    >
      {readOnly ? null : <NodeResizer isVisible={selected} minWidth={120} minHeight={48} lineClassName="mr-resize-line" handleClassName="mr-resize-handle" onResizeEnd={(_event, box) => onNoteSize?.(note.id, box)} />}
      {draft === null ? (
        <p className={cx('h-full overflow-hidden px-3 py-2 whitespace-pre-wrap', group ? 'text-xs font-semibold text-flow' : 'text-sm text-ink-2')}>
          {note.text === '' ? <span className="text-ink-3">{t(group ? words.groupName : words.emptyNote)}</span> : note.text}
        </p>
      ) : (
        <textarea
          autoFocus
          aria-label={t(group ? words.groupText : words.noteText)}
          className={cx('nodrag nowheel h-full w-full resize-none bg-transparent px-3 py-2 outline-none', group ? 'text-xs font-semibold text-flow' : 'text-sm text-ink')}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape' || (event.key === 'Enter' && (group || event.ctrlKey || event.metaKey))) finish();
          }}
        />
      )}
    </div>
  );
});
