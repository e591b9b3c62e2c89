import { CalendarClock, Pause } from 'lucide-react';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { useSchedules } from '../app/queries.ts';
import { go } from '../app/router.ts';
import type { SchedulesView } from '../app/router.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, EmptyState, Segments, Spinner } from '../ui/index.ts';
import { AwayBar } from './away-bar.tsx';
import { AllPausedBar, RefusedBar, StillBar } from './bars.tsx';
import { CalendarView } from './calendar-view.tsx';
import { askPause, useScheduleDialogs } from './dialogs.ts';
import { HistoryView } from './history-view.tsx';
import { MissedDialog } from './missed-dialog.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { SchedulesList } from './schedules-list.tsx';
import { scheduleText } from './text.ts';

interface SchedulesPlaceProps {
  readonly view: SchedulesView | undefined;
  readonly schedule: string | undefined;
}

/** Every schedule: as a list, as a calendar of what is to come, and what became of what was due. */
export function SchedulesPlace({ view, schedule }: SchedulesPlaceProps) {
  const { t } = useText();
  const schedules = useSchedules();
  const { pausing, missed } = useScheduleDialogs();
  const { data } = schedules;
  if (data === undefined) {
    return (
      <PlaceFrame title={t(scheduleText.title)}>
        {schedules.error === null ? (
          <div role="status" aria-label={t(common.loading)} className="grid flex-1 place-items-center text-ink-3">
            <Spinner className="size-5" />
          </div>
        ) : (
          <Failure title={t(scheduleText.failed)} thrown={schedules.error}>
            <Button variant="primary" onClick={() => void schedules.refetch()}>
              {t(common.retry)}
            </Button>
          </Failure>
        )}
      </PlaceFrame>
    );
  }
  const empty = data.schedules.length === 0;
  const options = [
    { value: 'list', label: t(scheduleText.list) },
    { value: 'calendar', label: t(scheduleText.calendar) },
    { value: 'history', label: t(scheduleText.history) },
  ] as const;
  return (
    <PlaceFrame
      title={t(scheduleText.title)}
      aside={empty ? null : <span className="text-sm text-ink-3">{t(scheduleText.count, data.schedules.length)}</span>}
      actions={
        <>
          <Segments label={t(scheduleText.views)} options={options} value={view ?? 'list'} onValue={(next) => go({ place: 'schedules', ...(next === 'list' ? {} : { view: next }), ...(schedule === undefined || next === 'calendar' ? {} : { schedule }) })} />
          {empty || data.allPaused !== null || !data.running ? null : (
            <Button icon={<Pause />} onClick={() => askPause({ kind: 'all' })}>
              {t(scheduleText.pauseAll)}
            </Button>
          )}
        </>
      }
    >
      {data.running ? null : <StillBar />}
      <AwayBar />
      {data.allPaused === null ? null : <AllPausedBar paused={data.allPaused} />}
      {data.refused.length === 0 ? null : <RefusedBar refused={data.refused} />}
      {view === 'history' ? (
        <HistoryView key={schedule ?? ''} schedules={data.schedules} schedule={schedule} />
      ) : empty ? (
        <NothingYet />
      ) : view === 'calendar' ? (
        <CalendarView schedules={data.schedules} allPaused={data.allPaused !== null} />
      ) : (
        <SchedulesList schedules={data.schedules} allPaused={data.allPaused !== null} only={schedule} />
      )}
      {pausing === null ? null : <PauseDialog pausing={pausing} />}
      {missed === null ? null : <MissedDialog row={missed} />}
    </PlaceFrame>
  );
}

function NothingYet() {
  const { t } = useText();
  return (
    <EmptyState
      icon={<CalendarClock />}
      title={t(scheduleText.noneYet)}
      actions={
        <Button variant="primary" onClick={() => go({ place: 'library' })}>
          {t(scheduleText.openLibrary)}
        </Button>
      }
    >
      {t(scheduleText.noneYetHelp)}
    </EmptyState>
  );
}
