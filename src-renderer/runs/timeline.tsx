import { Workflow } from 'lucide-react';
import { useMemo } from 'react';
import type { Run } from '#shared/run/run';
import { useNodeSpecs } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { nodeStatusText } from '../i18n/common.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { kindStyles, stateOf, stateStyles } from '../ui/state-style.ts';
import { layoutTimeline, ticks } from './timeline-geometry.ts';
import type { Bar, TimelineLayout } from './timeline-geometry.ts';
import { nodeNames } from './run-workflow.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';

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
  if (layout.rows.length === 0) return <EmptyState icon={<Workflow />} title={t(runsText.noTimeline)} />;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="grid min-w-160 grid-cols-[minmax(160px,24%)_1fr_88px]">
        <Axis layout={layout} />
        <Rows layout={layout} names={names} selected={selected} onSelect={onSelect} />
      </div>
    </div>
  );
}

function Axis({ layout }: { readonly layout: TimelineLayout }) {
  const { f } = useText();
  return (
    <>
      <div className="sticky top-0 z-10 border-b border-line bg-surface" />
      <div className="sticky top-0 z-10 h-7 border-b border-line bg-surface" aria-hidden="true">
        {ticks(layout.span, 8).map((ms) => (
          <span key={ms} className="absolute top-1.5 border-l border-line-strong pl-1 text-2xs text-ink-3" style={{ left: `${(ms / layout.span) * 100}%` }}>
            {ms / layout.span > 0.95 ? null : f.duration(ms)}
          </span>
        ))}
      </div>
      <div className="sticky top-0 z-10 border-b border-line bg-surface" />
    </>
  );
}

interface RowsProps {
  readonly layout: TimelineLayout;
  readonly names: ReadonlyMap<string, NodeName>;
  readonly selected: string | null;
  readonly onSelect: ((node: string) => void) | undefined;
}

function Rows({ layout, names, selected, onSelect }: RowsProps) {
  const { t, f } = useText();
  return layout.rows.map(({ node, bars }, index) => {
    const name = names.get(node.id);
    const group = layout.groups.find((one) => index >= one.first && index < one.first + one.count);
    const first = group?.first === index;
    const last = group !== undefined && index === group.first + group.count - 1;
    const tint = selected === node.id ? 'bg-accent-soft' : 'group-hover:bg-hover';
    const shown = node.durationMs ?? bars.at(-1)?.ms ?? null;
    return (
      <div key={node.id} className="group contents">
        <div className={cx('flex items-center border-b border-line pr-2 pl-3', tint)} style={{ height: ROW }}>
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
        <div className={cx('relative border-b border-line', tint)} style={{ height: ROW }} role="img" aria-label={`${name?.label ?? node.id}: ${t(nodeStatusText[node.status])}${shown === null ? '' : `, ${f.duration(shown)}`}`}>
          {ticks(layout.span, 8).map((ms) => (
            <span key={ms} aria-hidden="true" className="absolute inset-y-0 border-l border-line opacity-60" style={{ left: `${(ms / layout.span) * 100}%` }} />
          ))}
          {bars.map((bar) => (
            <BarView key={bar.attempt} bar={bar} many={bars.length > 1} />
          ))}
        </div>
        <div className={cx('flex items-center justify-end border-b border-line pr-3 text-xs text-ink-2', tint)}>{shown === null ? '' : f.duration(shown)}</div>
      </div>
    );
  });
}

function BarView({ bar, many }: { readonly bar: Bar; readonly many: boolean }) {
  const { t, f } = useText();
  const style = stateStyles[stateOf(OUTCOME_STATE[bar.outcome])];
  const title = [many ? t(runsText.attempt, bar.attempt) : null, f.time(bar.startedAt, true), f.duration(bar.ms), bar.own < 1 ? t(runsText.ownShare, f.percent(bar.own)) : null].filter(Boolean).join(' · ');
  return (
    <span title={title} className="absolute inset-y-1.75 min-w-0.75 overflow-hidden rounded-[3px]" style={{ left: `${Math.min(bar.left, 0.997) * 100}%`, width: `${bar.width * 100}%` }}>
      <span className={cx('absolute inset-0 opacity-25', style.dot)} />
      <span className={cx('absolute inset-y-0 left-0 rounded-[3px]', style.dot, bar.outcome === 'running' && 'animate-pulse-soft')} style={{ width: `max(3px, ${bar.own * 100}%)` }} />
    </span>
  );
}
