import { useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { StudioEvent } from '#shared/events';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { SearchInput } from '../ui/input.tsx';
import { Split } from '../ui/split.tsx';
import { stateStyles } from '../ui/state-style.ts';
import { VirtualList } from '../ui/virtual-list.tsx';
import { eventName, eventSummary, eventTone } from './event-text.ts';
import { nodeOf } from './run-facts.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';

interface EventsListProps {
  readonly events: readonly StudioEvent[];
  /** How many events are shown; null is all of them. */
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
  readonly names: ReadonlyMap<string, NodeName>;
}

/** Every event of a run, as the journal holds it. Choosing one takes the whole page to that moment. */
export function EventsList({ events, at, onAt, names }: EventsListProps) {
  const speech = useText();
  const { t, f, pick } = speech;
  const [query, setQuery] = useState('');
  const rows = useMemo(() => {
    const wanted = query.toLowerCase();
    return events
      .map((event, index) => ({ event, index }))
      .filter(({ event }) => {
        if (wanted === '') return true;
        const node = nodeOf(event);
        return [event.type, pick(eventName[event.type]), node ?? '', names.get(node ?? '')?.label ?? ''].join(' ').toLowerCase().includes(wanted);
      });
  }, [events, query, names, pick]);
  const chosen = Math.min(at ?? events.length, events.length) - 1;
  const choose = (index: number): void => onAt(index + 1 >= events.length ? null : index + 1);
  const detail = events[chosen];
  const start = events[0]?.at ?? 0;
  const step = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (way === 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = way === 1 ? rows.find((row) => row.index > chosen) : rows.findLast((row) => row.index < chosen);
    if (next !== undefined) choose(next.index);
  };
  const list = (
    <div onKeyDown={step} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center border-b border-line px-3">
        <SearchInput value={query} onValue={setQuery} label={t(runsText.searchEvents)} clearLabel={t(common.clear)} className="w-56" />
      </div>
      <VirtualList
        count={rows.length}
        rowHeight={28}
        label={t(runsText.events)}
        scrollTo={at === null ? null : rows.findIndex((row) => row.index === chosen)}
        stickToEnd={at === null}
        renderRow={(position) => {
          const entry = rows[position];
          if (entry === undefined) return null;
          const { event, index } = entry;
          const node = nodeOf(event);
          return (
            <button
              type="button"
              aria-current={index === chosen}
              onClick={() => choose(index)}
              className={cx('grid h-7 w-full grid-cols-[44px_84px_150px_minmax(100px,0.6fr)_1fr] items-center gap-3 border-b border-line px-3 text-left text-sm focus-visible:-outline-offset-2', index === chosen ? 'bg-accent-soft' : 'hover:bg-hover', index > chosen && 'opacity-60')}
            >
              <span className="text-right text-xs text-ink-3">{f.number(event.version)}</span>
              <span className="text-right text-xs text-ink-2">+{f.duration(Math.max(0, event.at - start))}</span>
              <span className="flex min-w-0 items-center gap-2">
                <span className={cx('size-1.5 shrink-0 rounded-full', stateStyles[eventTone[event.type]].dot)} aria-hidden="true" />
                <span className="truncate">{pick(eventName[event.type])}</span>
              </span>
              <span className="truncate text-ink-2">{node === null ? '' : (names.get(node)?.label ?? node)}</span>
              <span className="truncate text-ink-2">{eventSummary(event, speech)}</span>
            </button>
          );
        }}
      />
    </div>
  );
  return (
    <Split
      side="right"
      name="event"
      label={t(runsText.resize)}
      initial={400}
      min={220}
      max={800}
      pane={
        <section aria-label={t(runsText.eventDetail)} className="flex min-h-0 flex-1 flex-col">
          <div className="flex h-9 shrink-0 items-center justify-between border-b border-line pr-2 pl-3">
            <h3 className="truncate font-mono text-xs">{detail?.type}</h3>
            <Button size="sm" variant="ghost" onClick={() => void navigator.clipboard.writeText(JSON.stringify(detail, null, 2))}>
              {t(common.copy)}
            </Button>
          </div>
          <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto bg-sunken p-3 font-mono text-xs leading-4.5 focus-visible:-outline-offset-2">
            {detail === undefined ? '' : JSON.stringify(detail, null, 2)}
          </pre>
        </section>
      }
    >
      {list}
    </Split>
  );
}
