import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ScheduleView } from '#shared/contract/schedules';
import type { Text } from '#shared/node-spec';
import { go } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { toastError } from '../ui/index.ts';
import { resume, runNow } from './actions.ts';
import { askPause } from './dialogs.ts';
import { setListState, toggleChosen } from './list-state.ts';
import type { SortKey, Sorting } from './list.ts';
import { ScheduleRow, scheduleGrid } from './schedule-row.tsx';
import { scheduleText } from './text.ts';

const ROW = 56;
/** Only who runs soon counts seconds; the others need no new drawing for them. */
const tickOf = ({ next }: ScheduleView, now: number): number => (next !== null && next - now < 90_000 && next > now - 5000 ? now : Math.floor(now / 20_000) * 20_000);
const rowId = (index: number): string => `schedule-row-${String(index)}`;

interface SchedulesTableProps {
  readonly schedules: readonly ScheduleView[];
  readonly sorting: Sorting;
  readonly chosen: ReadonlySet<string>;
  readonly now: number;
  readonly allPaused: boolean;
}

/** The schedules. Arrow keys move, Enter opens the editor, Space chooses, R runs now, P pauses or resumes, H leads to the history. */
export function SchedulesTable({ schedules, sorting, chosen, now, allPaused }: SchedulesTableProps) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const total = schedules.length;
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const list = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8, scrollPaddingStart: 32 });
  useEffect(() => setCurrent((one) => Math.max(0, Math.min(one, total - 1))), [total]);

  const move = (by: number): void => {
    const next = Math.max(0, Math.min(total - 1, current + by));
    setCurrent(next);
    list.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys of the buttons within are theirs.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const schedule = schedules[current];
    if (schedule === undefined) return;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -total, End: total };
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter') go({ place: 'edit', workflowId: schedule.workflowId, schedule: schedule.definition.key });
    else if (event.key === ' ') toggleChosen(schedule.id);
    else if (event.key === 'h') go({ place: 'schedules', view: 'history', schedule: schedule.id });
    else if (event.key === 'r') void runNow(schedule).catch(toastError);
    else if (event.key === 'p' && schedule.paused !== null) void resume([schedule.id]).catch(toastError);
    else if (event.key === 'p' && schedule.status !== 'disabled' && schedule.status !== 'done') askPause({ kind: 'some', ids: [schedule.id], name: schedule.workflowName });
    else return;
    event.preventDefault();
  };
  const picked = chosen.size === 0 ? 0 : schedules.filter((one) => chosen.has(one.id)).length;
  const all = total > 0 && picked === total;
  return (
    <div ref={scroller} role="grid" aria-rowcount={total + 1} aria-label={t(scheduleText.title)} aria-multiselectable="true" aria-description={t(scheduleText.keys)} aria-activedescendant={total === 0 ? undefined : rowId(current)} tabIndex={0} onKeyDown={onKeyDown} className="group/list min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
      <div role="row" className={`${scheduleGrid} sticky top-0 z-20 h-8 border-b border-line bg-surface text-xs font-medium text-ink-3`}>
        <div role="columnheader" className="grid place-items-center">
          <input
            type="checkbox"
            checked={all}
            ref={(box) => {
              if (box !== null) box.indeterminate = picked > 0 && !all;
            }}
            onChange={() => setListState({ chosen: all ? new Set() : new Set(schedules.map((one) => one.id)) })}
            aria-label={t(scheduleText.selectAll)}
            className="size-3.5 accent-(--accent)"
          />
        </div>
        <Sortable name="workflow" text={scheduleText.workflow} sorting={sorting} />
        <Sortable name="status" text={scheduleText.status} sorting={sorting} />
        <Sortable name="next" text={scheduleText.next} sorting={sorting} />
        <Sortable name="last" text={scheduleText.last} sorting={sorting} />
        <Sortable name="takes" text={scheduleText.takes} sorting={sorting} right />
        <div role="columnheader" aria-label={t(scheduleText.actions)} />
      </div>
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const schedule = schedules[item.index];
          return schedule === undefined ? null : (
            <div key={schedule.id} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${String(item.start)}px)` }}>
              <ScheduleRow schedule={schedule} index={item.index} id={rowId(item.index)} now={tickOf(schedule, now)} current={current === item.index} chosen={chosen.has(schedule.id)} allPaused={allPaused} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Sortable({ name, text, sorting, right = false }: { readonly name: SortKey; readonly text: Text; readonly sorting: Sorting; readonly right?: boolean }) {
  const { t } = useText();
  const chosen = sorting.key === name;
  return (
    <div role="columnheader" aria-sort={chosen ? (sorting.descending ? 'descending' : 'ascending') : 'none'} className={right ? 'text-right' : undefined}>
      <button type="button" onClick={() => setListState({ sorting: { key: name, descending: chosen ? !sorting.descending : name === 'last' || name === 'takes' } })} className="-mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-ink">
        {t(text)}
        {chosen ? sorting.descending ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" /> : null}
      </button>
    </div>
  );
}
