import { useMemo } from 'react';
import type { StudioEvent } from '#shared/events';
import { useText } from '../i18n/use-text.ts';
import { eventName, eventSummary, eventTone } from '../runs/event-text.ts';
import { nodeOf } from '../runs/run-facts.ts';
import type { NodeName } from '../runs/run-workflow.ts';
import { cx } from '../ui/cx.ts';
import { Split } from '../ui/split.tsx';
import { stateStyles } from '../ui/state-style.ts';
import { VirtualList } from '../ui/virtual-list.tsx';
import { runsText } from '../runs/text.ts';
import { countEvents, mergeEvents } from './pairs.ts';
import { SideMark } from './side.tsx';
import { compareText } from './text.ts';

interface CompareEventsProps {
  readonly left: readonly StudioEvent[];
  readonly right: readonly StudioEvent[];
  readonly names: ReadonlyMap<string, NodeName>;
}

/** The events of both runs as one list, each at its time since its own run began, and how many there are of each kind. */
export function CompareEvents({ left, right, names }: CompareEventsProps) {
  const speech = useText();
  const { t, f, pick } = speech;
  const merged = useMemo(() => mergeEvents(left, right), [left, right]);
  const counts = useMemo(() => countEvents(left, right), [left, right]);
  return (
    <Split
      side="right"
      name="compare-counts"
      label={t(runsText.resize)}
      initial={320}
      min={220}
      max={600}
      pane={
        <section aria-label={t(compareText.byType)} tabIndex={0} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
          <table className="w-full text-sm">
            <thead className="sticky top-0 bg-surface text-xs text-ink-3">
              <tr className="h-8 border-b border-line">
                <th scope="col" className="pl-3 text-left font-medium">
                  {t(compareText.byType)}
                </th>
                <th scope="col" className="w-14 text-right">
                  <SideMark side="A" />
                </th>
                <th scope="col" className="w-16 pr-3 text-right">
                  <SideMark side="B" />
                </th>
              </tr>
            </thead>
            <tbody>
              {counts.map((count) => (
                <tr key={count.type} className={cx('h-7 border-b border-line', count.left === count.right ? 'text-ink-2' : 'font-medium')}>
                  <td className="pl-3">{pick(eventName[count.type])}</td>
                  <td className="text-right">{f.number(count.left)}</td>
                  <td className="pr-3 text-right">{f.number(count.right)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      }
    >
      <VirtualList
        count={merged.length}
        rowHeight={28}
        label={t(compareText.merged)}
        renderRow={(index) => {
          const entry = merged[index];
          if (entry === undefined) return null;
          const { side, event, ms } = entry;
          const node = nodeOf(event);
          return (
            <div className="grid h-7 grid-cols-[22px_84px_minmax(130px,0.6fr)_minmax(100px,0.5fr)_1fr] items-center gap-3 border-b border-line px-3 text-sm hover:bg-hover">
              <SideMark side={side} />
              <span className="text-right text-xs text-ink-2">+{f.duration(ms)}</span>
              <span className="flex min-w-0 items-center gap-2">
                <span className={cx('size-1.5 shrink-0 rounded-full', stateStyles[eventTone[event.type]].dot)} aria-hidden="true" />
                <span className="truncate">{pick(eventName[event.type])}</span>
              </span>
              <span className="truncate text-ink-2">{node === null ? '' : (names.get(node)?.label ?? node)}</span>
              <span className="truncate text-ink-2">{eventSummary(event, speech)}</span>
            </div>
          );
        }}
      />
    </Split>
  );
}
