import { useVirtualizer } from '@tanstack/react-virtual';
import { Workflow } from 'lucide-react';
import { useMemo, useRef } from 'react';
import type { Run } from '#shared/run/run';
import { useNodeSpecs } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { nodeStatusText } from '../i18n/common.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { kindStyles, stateOf, stateStyles } from '../ui/state-style.ts';
import type { Axis } from './timeline-axis.ts';
import { layoutTimeline } from './timeline-geometry.ts';
import type { Bar, TimelineLayout, TimelineRow, Wait } from './timeline-geometry.ts';
import { nodeNames } from './run-workflow.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';
import { outcomeText, words } from './words.ts';

const ROW = 28;
const OUTCOME_STATE = { running: 'running', completed: 'completed', stopped: 'skipped', failed: 'failed', lost: 'lost' } as const;

interface TimelineProps {
  readonly run: Run;
  /** The end of what still runs. */
  readonly now: number;
  readonly selected?: string | null;
  readonly onSelect?: (node: string) => void;
}

/** A run as a Gantt chart: one bar an attempt. Nodes fused into one query are bracketed; the dark part of a bar is the node's own work. */
export function Timeline({ run, now, selected = null, onSelect }: TimelineProps) {
  const { t, pick } = useText();
  const specs = useNodeSpecs();
  const layout = useMemo(() => layoutTimeline(run, now), [run, now]);
  const names = useMemo(() => nodeNames(run, specs.data, pick), [run, specs.data, pick]);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const list = useVirtualizer({ count: layout.rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8, scrollPaddingStart: ROW });
  if (layout.rows.length === 0) return <EmptyState icon={<Workflow />} title={t(runsText.noTimeline)} />;
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <div className="min-w-160">
        <AxisRow axis={layout.axis} />
        <div className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = layout.rows[index];
            return row === undefined ? null : <Row key={row.node.id} row={row} index={index} top={start} layout={layout} name={names.get(row.node.id)} selected={selected === row.node.id} onSelect={onSelect} />;
          })}
        </div>
      </div>
    </div>
  );
}

const columns = 'grid grid-cols-[minmax(160px,24%)_1fr_88px]';
const percent = (part: number): string => `${part * 100}%`;

function AxisRow({ axis }: { readonly axis: Axis }) {
  const { t, f } = useText();
  return (
    <div className={cx(columns, 'sticky top-0 z-20 h-7 border-b border-line bg-surface')}>
      <span />
      <div className="relative">
        {axis.ticks.map(({ ms, left }) => (
          <span key={ms} aria-hidden="true" className="absolute top-1.5 border-l border-line-strong pl-1 text-2xs whitespace-nowrap text-ink-3" style={{ left: percent(left) }}>
            {left > 0.95 ? null : f.duration(ms)}
          </span>
        ))}
        {axis.folds.map((fold) => (
          <span key={fold.left} role="img" aria-label={t(words.standstill, fold.ms)} title={t(words.standstill, fold.ms)} className="absolute inset-y-0 z-10 grid place-items-center bg-surface text-2xs text-ink-3" style={{ left: percent(fold.left), width: percent(fold.width) }}>
            ⋯
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: TimelineRow;
  readonly index: number;
  /** Pixels from the first row. */
  readonly top: number;
  readonly layout: TimelineLayout;
  readonly name: NodeName | undefined;
  readonly selected: boolean;
  readonly onSelect: ((node: string) => void) | undefined;
}

function Row({ row: { node, bars, waits }, index, top, layout: { axis, groups }, name, selected, onSelect }: RowProps) {
  const { t, f } = useText();
  const group = groups.find((one) => index >= one.first && index < one.first + one.count);
  const first = group?.first === index;
  const last = group !== undefined && index === group.first + group.count - 1;
  const shown = node.durationMs ?? bars.at(-1)?.ms ?? null;
  const reused = node.reusedFrom !== null;
  const said = [name?.label ?? node.id, t(reused ? words.reused : nodeStatusText[node.status]), shown === null ? null : f.duration(shown), bars.length > 1 ? `${t(words.attempts)}: ${f.list(bars.map((bar) => t(outcomeText[bar.outcome])))}` : null];
  return (
    <div className={cx(columns, 'absolute inset-x-0 border-b border-line', selected ? 'bg-accent-soft' : 'hover:bg-hover')} style={{ top, height: ROW }}>
      <div className="flex min-w-0 items-center pr-2 pl-3">
        <span
          aria-hidden="true"
          title={group === undefined ? undefined : t(runsText.fused, group.count)}
          className={cx('mr-2 w-1.5 shrink-0 self-stretch border-ink-3', group !== undefined && 'border-l', first && 'mt-2 rounded-tl-sm border-t', last && 'mb-2 rounded-bl-sm border-b')}
        />
        <span className={cx('mr-2 size-2 shrink-0 rounded-[2px]', kindStyles[name?.kind ?? 'transform'].solid)} aria-hidden="true" />
        <button type="button" disabled={onSelect === undefined} onClick={() => onSelect?.(node.id)} className="min-w-0 flex-1 truncate rounded-sm text-left text-sm">
          {name?.label ?? node.id}
        </button>
      </div>
      <div className="relative" role="img" aria-label={said.filter(Boolean).join(', ')}>
        {axis.ticks.map(({ ms, left }) => (
          <span key={ms} aria-hidden="true" className="absolute inset-y-0 border-l border-line opacity-60" style={{ left: percent(left) }} />
        ))}
        {axis.folds.map((fold) => (
          <span key={fold.left} aria-hidden="true" className="absolute inset-y-0 border-x border-line bg-sunken" style={{ left: percent(fold.left), width: percent(fold.width) }} />
        ))}
        {waits.map((wait) => (
          <WaitView key={wait.left} wait={wait} />
        ))}
        {bars.map((bar) => (
          <BarView key={bar.attempt} bar={bar} many={bars.length > 1} />
        ))}
        {reused ? <span className="absolute inset-y-1.5 left-1 inline-flex items-center rounded-[3px] border border-dashed border-completed px-1.5 text-2xs text-completed">{t(words.reused)}</span> : null}
      </div>
      <div className="flex items-center justify-end pr-3 text-xs text-ink-2">{shown === null ? '' : f.duration(shown)}</div>
    </div>
  );
}

/** The delay before the next attempt: a dotted line from one bar to the next. */
function WaitView({ wait }: { readonly wait: Wait }) {
  const { t } = useText();
  return (
    <span title={t(words.waited, wait.ms)} className="absolute inset-y-1.75 flex items-center" style={{ left: percent(wait.left), width: percent(wait.width) }}>
      <span className="w-full border-t border-dotted border-interrupted" />
    </span>
  );
}

function BarView({ bar, many }: { readonly bar: Bar; readonly many: boolean }) {
  const { t, f } = useText();
  const style = stateStyles[stateOf(OUTCOME_STATE[bar.outcome])];
  const lost = bar.outcome === 'lost';
  const title = [many ? t(runsText.attempt, bar.attempt) : null, t(outcomeText[bar.outcome]), f.time(bar.startedAt, true), f.duration(bar.ms), bar.own < 1 ? t(runsText.ownShare, f.percent(bar.own)) : null].filter(Boolean).join(' · ');
  return (
    <span title={title} className="absolute inset-y-1.75 min-w-0.75 overflow-hidden rounded-[3px]" style={{ left: percent(Math.min(bar.left, 0.997)), width: percent(bar.width) }}>
      <span className={cx('absolute inset-0 opacity-25', style.dot)} />
      {/* What was lost did not end: its bar is an outline. */}
      {lost ? (
        <span className="absolute inset-0 rounded-[3px] border border-dashed border-interrupted" />
      ) : (
        <span className={cx('absolute inset-y-0 left-0 rounded-[3px]', style.dot, bar.outcome === 'running' && 'animate-pulse-soft')} style={{ width: `max(3px, ${bar.own * 100}%)` }} />
      )}
    </span>
  );
}
