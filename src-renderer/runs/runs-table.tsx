import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { RunFilter, RunRow } from '#shared/contract/runs';
import type { RunStatus } from '#shared/run/run';
import { go, href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { RunStatusBadge } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { runsText, triggerText } from './text.ts';
import { useRunPages } from './use-run-pages.ts';
import { words } from './words.ts';

const ROW = 36;
/** Rows beyond which the view has jumped. What a dragged scroll bar flies over is not asked for: only where it rests, this long. */
const NEAR = 100;
const REST_MS = 80;
const grid = 'grid min-w-210 grid-cols-[20px_150px_minmax(140px,1.2fr)_96px_136px_84px_96px_minmax(100px,1fr)] items-center gap-3 px-5';

const rowId = (index: number): string => `run-row-${index}`;

interface RunsTableProps {
  readonly filter: RunFilter;
  readonly now: number;
  /** Runs chosen to be compared. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (row: RunRow) => void;
  /** Tells the place what the head of the list says. */
  readonly onHead: (total: number | undefined, counts: Partial<Readonly<Record<RunStatus, number>>>, error: Error | null) => void;
}

/** The runs, newest first. Arrow keys move, Enter opens, Space chooses for comparing, as do the box and Ctrl-click. */
export function RunsTable({ filter, now, chosen, onChoose, onHead }: RunsTableProps) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<readonly [number, number]>([0, 0]);
  const asked = useRef(0);
  const [current, setCurrent] = useState(0);
  const pages = useRunPages(filter, view[0], view[1]);
  const total = pages.total ?? 0;
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const list = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10, scrollPaddingStart: 32 });
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const show = (): void => {
      asked.current = first;
      setView([first, last]);
    };
    const rested = setTimeout(show, Math.abs(first - asked.current) < NEAR ? 0 : REST_MS);
    return () => clearTimeout(rested);
  }, [first, last]);
  const { counts, error } = pages;
  useEffect(() => onHead(pages.total, counts, error), [pages.total, counts, error, onHead]);

  const move = (by: number): void => {
    const next = Math.max(0, Math.min(total - 1, current + by));
    setCurrent(next);
    list.scrollToIndex(next);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const row = pages.row(current);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -total, End: total };
    const step = steps[event.key];
    if (event.key === 'Enter' && row !== undefined) go({ place: 'run', runId: row.id });
    else if (event.key === ' ' && row !== undefined) onChoose(row);
    else if (step === undefined || event.ctrlKey || event.metaKey) return;
    else move(step);
    event.preventDefault();
  };
  return (
    <div ref={scroller} role="grid" aria-rowcount={total + 1} aria-label={t(runsText.title)} aria-multiselectable="true" aria-activedescendant={total === 0 ? undefined : rowId(current)} tabIndex={0} onKeyDown={onKeyDown} className="group/list min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
      <div role="row" className={`${grid} sticky top-0 z-10 h-8 border-b border-line bg-surface text-xs font-medium text-ink-3`}>
        <div role="columnheader" aria-label={t(words.compare)} />
        <div role="columnheader">{t(runsText.status)}</div>
        <div role="columnheader">{t(runsText.workflow)}</div>
        <div role="columnheader">{t(runsText.trigger)}</div>
        <div role="columnheader">{t(runsText.started)}</div>
        <div role="columnheader" className="text-right">
          {t(runsText.duration)}
        </div>
        <div role="columnheader" className="text-right">
          {t(runsText.rowsOut)}
        </div>
        <div role="columnheader">{t(runsText.error)}</div>
      </div>
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {items.map((item) => (
          <div key={item.key} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
            <Row row={pages.row(item.index)} index={item.index} now={now} current={current === item.index} chosen={chosen} onChoose={onChoose} />
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: RunRow | undefined;
  readonly index: number;
  readonly now: number;
  readonly current: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (row: RunRow) => void;
}

function Row({ row, index, now, current, chosen, onChoose }: RowProps) {
  const { t, f, pick, said } = useText();
  if (row === undefined) return <div role="row" aria-rowindex={index + 2} aria-busy="true" className={`${grid} h-9 border-b border-line *:h-2 *:rounded-full *:bg-active`}><span className="col-start-2 w-20" /><span className="w-40" /></div>;
  const going = row.status === 'running' && row.startedAt !== null ? now - row.startedAt : null;
  const duration = row.durationMs ?? going;
  const trigger = row.trigger in triggerText ? pick(triggerText[row.trigger as keyof typeof triggerText]) : row.trigger;
  const picked = chosen.has(row.id);
  const why = row.error === null ? null : said(row.error);
  const onClick = (event: React.MouseEvent): void => {
    // The box answers for itself.
    if ((!event.ctrlKey && !event.metaKey) || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    onChoose(row);
  };
  return (
    <div role="row" id={rowId(index)} aria-rowindex={index + 2} aria-selected={picked} onClickCapture={onClick} className={cx(grid, 'relative h-9 border-b border-line', picked ? 'bg-accent-soft' : 'hover:bg-hover', current && 'group-focus-visible/list:bg-hover group-focus-visible/list:shadow-[inset_2px_0_0_var(--focus)]')}>
      <div role="gridcell" className="relative z-10 grid place-items-center">
        <input type="checkbox" tabIndex={-1} checked={picked} onChange={() => onChoose(row)} aria-label={t(words.selectRun, `${row.workflowName}, ${f.dateTime(row.requestedAt)}`)} className="size-3.5 accent-(--accent)" />
      </div>
      <div role="gridcell">
        <RunStatusBadge status={row.status} />
      </div>
      <div role="gridcell" className="min-w-0 truncate">
        <a href={href({ place: 'run', runId: row.id })} tabIndex={-1} className="font-medium after:absolute after:inset-0">
          {row.workflowName}
        </a>
      </div>
      <div role="gridcell" className="truncate text-ink-2">
        {trigger}
      </div>
      <div role="gridcell" className="truncate text-ink-2" title={f.ago(row.requestedAt, now)}>
        {f.dateTime(row.requestedAt)}
      </div>
      <div role="gridcell" className="text-right">
        {duration === null ? <span className="text-ink-3">–</span> : f.duration(going === null ? duration : Math.floor(duration / 100) * 100)}
      </div>
      <div role="gridcell" className="text-right text-ink-2">
        {f.number(row.rowsOut)}
      </div>
      <div role="gridcell" className="min-w-0 truncate text-xs text-failed" title={why ?? undefined}>
        {why}
      </div>
    </div>
  );
}
