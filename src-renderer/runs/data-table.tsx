import { useVirtualizer } from '@tanstack/react-virtual';
import { Table2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Column, ColumnProfile, Sample } from '#shared/data';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { toast } from '../ui/toast.tsx';
import { columnWidths, isNumeric } from './column-width.ts';
import { runsText } from './text.ts';

const ROW = 26;
const GUTTER = 52;

interface DataTableProps {
  readonly sample: Sample;
  readonly profile?: readonly ColumnProfile[] | undefined;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-20, 0], PageDown: [20, 0] };

/** Rows to look at: types, a profile where there is one, NULL told apart from an empty text. Arrow keys walk, Ctrl/Cmd+C copies a value. */
export function DataTable({ sample, profile }: DataTableProps) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<readonly [row: number, column: number]>([0, 0]);
  const profiled = profile !== undefined;
  const widths = useMemo(() => columnWidths(sample, profiled ? 112 : 72), [sample, profiled]);
  const profiles = useMemo(() => new Map(profile?.map((one) => [one.name, one])), [profile]);
  const header = profiled ? 78 : 42;
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const rows = useVirtualizer({ count: sample.rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10, scrollPaddingStart: header });
  const columns = useVirtualizer({ horizontal: true, count: sample.columns.length, getScrollElement: () => scroller.current, estimateSize: (index) => widths[index] ?? 100, overscan: 3, scrollPaddingStart: GUTTER });
  if (sample.columns.length === 0) return <EmptyState icon={<Table2 />} title={t(runsText.noColumns)} />;

  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      const value = sample.rows[cell[0]]?.[cell[1]];
      if (value === undefined || document.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      event.stopPropagation();
      void navigator.clipboard.writeText(value ?? '').then(() => toast({ tone: 'success', title: t(runsText.copyCell) }));
      return;
    }
    const move = MOVES[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const row = Math.max(0, Math.min(sample.rows.length - 1, cell[0] + move[0]));
    const column = Math.max(0, Math.min(sample.columns.length - 1, cell[1] + move[1]));
    setCell([row, column]);
    rows.scrollToIndex(row);
    columns.scrollToIndex(column);
  };

  const shown = columns.getVirtualItems();
  const width = GUTTER + columns.getTotalSize();
  return (
    <div
      ref={scroller}
      role="grid"
      aria-rowcount={sample.rows.length + 1}
      aria-colcount={sample.columns.length}
      aria-label={t(runsText.data)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="group/grid relative min-h-0 flex-1 overflow-auto bg-surface text-sm focus-visible:-outline-offset-2"
    >
      <div role="row" className="sticky top-0 z-20 border-b border-line-strong bg-sunken" style={{ width, height: header }}>
        <div className="sticky left-0 z-10 h-full bg-sunken" style={{ width: GUTTER }} />
        {shown.map((item) => {
          const column = sample.columns[item.index];
          if (column === undefined) return null;
          return (
            <div key={item.key} role="columnheader" aria-colindex={item.index + 1} className="absolute top-0 h-full border-l border-line px-2 pt-1" style={{ left: GUTTER + item.start, width: item.size }}>
              <Header column={column} profile={profiles.get(column.name)} />
            </div>
          );
        })}
      </div>
      <div className="relative" style={{ width, height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => (
          <div key={item.key} role="row" aria-rowindex={item.index + 2} className="group absolute top-0 left-0 border-b border-line hover:bg-hover" style={{ transform: `translateY(${item.start}px)`, height: ROW, width }}>
            <div className="sticky left-0 z-10 h-full bg-surface pr-2 text-right text-xs leading-6.5 text-ink-3 group-hover:bg-hover" style={{ width: GUTTER }}>
              {item.index + 1}
            </div>
            {shown.map((at) => (
              <Cell
                key={at.key}
                value={sample.rows[item.index]?.[at.index] ?? null}
                numeric={isNumeric(sample.columns[at.index]?.type ?? '')}
                left={GUTTER + at.start}
                width={at.size}
                chosen={cell[0] === item.index && cell[1] === at.index}
                onChoose={() => setCell([item.index, at.index])}
              />
            ))}
          </div>
        ))}
      </div>
      {sample.rows.length === 0 ? <p className="sticky left-0 p-6 text-center text-ink-2">{t(runsText.noRows)}</p> : null}
    </div>
  );
}

function Header({ column, profile }: { readonly column: Column; readonly profile: ColumnProfile | undefined }) {
  const { t } = useText();
  return (
    <div className={cx('flex flex-col', isNumeric(column.type) && 'items-end')}>
      <span className="max-w-full truncate font-medium" title={column.name}>
        {column.name}
      </span>
      <span className="max-w-full truncate font-mono text-2xs text-ink-3" title={column.type}>
        {column.type}
      </span>
      {profile === undefined ? null : (
        <span className={cx('mt-1 flex max-w-full flex-col text-2xs text-ink-2', isNumeric(column.type) && 'items-end')}>
          <span className="max-w-full truncate">
            {t(runsText.distinct, profile.distinct)}
            {profile.nulls > 0 ? ` · ${t(runsText.nulls, profile.nulls)}` : ''}
          </span>
          <span className="max-w-full truncate text-ink-3" title={`${profile.min ?? ''} – ${profile.max ?? ''}`}>
            {profile.min === null ? '' : `${profile.min === '' ? '""' : profile.min} – ${profile.max ?? ''}`}
          </span>
        </span>
      )}
    </div>
  );
}

interface CellProps {
  readonly value: string | null;
  readonly numeric: boolean;
  readonly left: number;
  readonly width: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Cell({ value, numeric, left, width, chosen, onChoose }: CellProps) {
  return (
    <div
      role="gridcell"
      aria-selected={chosen}
      title={value !== null && value.length > 24 ? value : undefined}
      onMouseDown={onChoose}
      className={cx(
        'absolute top-0 h-full truncate border-l border-line px-2 leading-6.5 whitespace-pre',
        numeric && 'text-right',
        value === null && 'text-2xs text-ink-3 italic',
        chosen && 'group-focus-within/grid:shadow-[inset_0_0_0_1.5px_var(--focus)] group-focus/grid:shadow-[inset_0_0_0_1.5px_var(--focus)]',
      )}
      style={{ left, width }}
    >
      {value ?? 'NULL'}
    </div>
  );
}
