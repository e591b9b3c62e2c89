import { Pause, SearchX, StepForward, X } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { SCHEDULE_STATUSES } from '#shared/contract/schedules';
import type { ScheduleView } from '#shared/contract/schedules';
import { go } from '../app/router.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { Button, EmptyState, IconButton, SearchInput, cx, toastError } from '../ui/index.ts';
import { stateStyles } from '../ui/state-style.ts';
import { resume } from './actions.ts';
import { askPause } from './dialogs.ts';
import { setListState, useListState } from './list-state.ts';
import { arrange, countStatuses } from './list.ts';
import { SchedulesTable } from './schedules-table.tsx';
import { STATUS_TONES } from './status-style.ts';
import { scheduleText, statusText } from './text.ts';

interface SchedulesListProps {
  readonly schedules: readonly ScheduleView[];
  readonly allPaused: boolean;
  /** The id of the one that a link led to. */
  readonly only: string | undefined;
}

function clear(): void {
  setListState({ search: '', statuses: [] });
  go({ place: 'schedules' });
}

/** The list with its search, its states and what can be done with several at once. */
export function SchedulesList({ schedules, allPaused, only }: SchedulesListProps) {
  const { t, f } = useText();
  const now = useNow(1000);
  const { search, statuses, sorting, chosen } = useListState();
  const wanted = useDeferredValue(search);
  const counts = useMemo(() => countStatuses(schedules), [schedules]);
  const one = only === undefined ? undefined : schedules.find((schedule) => schedule.id === only);
  const shown = useMemo(() => (one === undefined ? arrange(schedules, wanted, statuses, sorting, f.compare) : [one]), [schedules, one, wanted, statuses, sorting, f]);
  return (
    <>
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2">
        <SearchInput value={search} onValue={(next) => setListState({ search: next })} label={t(scheduleText.search)} clearLabel={t(common.clear)} disabled={one !== undefined} className="w-60" />
        {one === undefined ? null : <OnlyOne name={one.definition.label === '' ? one.workflowName : `${one.workflowName}: ${one.definition.label}`} onClear={() => go({ place: 'schedules' })} />}
        <div role="group" aria-label={t(scheduleText.status)} className="ml-auto flex flex-wrap gap-1">
          {SCHEDULE_STATUSES.filter((status) => counts[status] > 0 || statuses.includes(status)).map((status) => (
            <button
              key={status}
              type="button"
              aria-pressed={statuses.includes(status)}
              onClick={() => setListState({ statuses: statuses.includes(status) ? statuses.filter((other) => other !== status) : [...statuses, status] })}
              className="inline-flex h-7 items-center gap-1.5 rounded-md border border-transparent px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-active aria-pressed:text-ink"
            >
              <span aria-hidden="true" className={cx('size-2 rounded-full', stateStyles[STATUS_TONES[status]].dot)} />
              {t(statusText[status])}
              <span className="text-ink-3">{f.number(counts[status])}</span>
            </button>
          ))}
        </div>
      </div>
      {shown.length === 0 ? <EmptyState icon={<SearchX />} title={t(scheduleText.noneMatch)} actions={<Button onClick={clear}>{t(scheduleText.clearFilters)}</Button>} /> : <SchedulesTable schedules={shown} sorting={sorting} chosen={chosen} now={now} allPaused={allPaused} />}
      <Chosen chosen={schedules.filter((schedule) => chosen.has(schedule.id))} />
    </>
  );
}

/** A filter that a link has set: says what it keeps to, and takes itself away. */
export function OnlyOne({ name, onClear }: { readonly name: string; readonly onClear: () => void }) {
  const { t } = useText();
  return (
    <span className="inline-flex h-7 max-w-80 items-center gap-1 rounded-md border border-line-strong bg-active pr-0.5 pl-2 text-sm">
      <span className="truncate">{name}</span>
      <IconButton size="sm" label={t(scheduleText.clearFilters)} icon={<X />} onClick={onClear} />
    </span>
  );
}

/** What can be done with the schedules that are chosen. */
function Chosen({ chosen }: { readonly chosen: readonly ScheduleView[] }) {
  const { t } = useText();
  if (chosen.length === 0) return null;
  const [going, paused] = [chosen.filter((one) => one.paused === null), chosen.filter((one) => one.paused !== null)];
  const [first] = going;
  return (
    <section aria-label={t(scheduleText.selected, chosen.length)} className="flex h-11 shrink-0 items-center gap-2 border-t border-line bg-sunken px-5 text-sm">
      <span className="font-medium">{t(scheduleText.selected, chosen.length)}</span>
      {/* Not at the right end: notifications appear there. */}
      <div className="mx-2 flex gap-2">
        <Button icon={<StepForward />} disabled={paused.length === 0} onClick={() => void resume(paused.map((one) => one.id)).then(() => setListState({ chosen: new Set() }), toastError)}>
          {t(scheduleText.resume)}
        </Button>
        <Button icon={<Pause />} disabled={first === undefined} onClick={() => askPause({ kind: 'some', ids: going.map((one) => one.id), name: first?.workflowName ?? '' })}>
          {t(scheduleText.pause)}
        </Button>
      </div>
      <Button variant="ghost" onClick={() => setListState({ chosen: new Set() })}>
        {t(scheduleText.clearSelection)}
      </Button>
    </section>
  );
}
