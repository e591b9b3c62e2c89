import { CalendarClock, ListVideo, MoreHorizontal, Pause, PencilRuler, Play, StepForward } from 'lucide-react';
import { memo } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import type { ScheduleView } from '#shared/contract/schedules';
import { RUN_STATUSES } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import { describeSchedule } from '#shared/schedule/sentence';
import { go, href } from '../app/router.ts';
import { common, runStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge, StatusDot } from '../ui/badge.tsx';
import { DropdownMenu, cx, toastError } from '../ui/index.ts';
import type { MenuEntry } from '../ui/index.ts';
import { stateStyles } from '../ui/state-style.ts';
import { resume, runNow } from './actions.ts';
import { askPause } from './dialogs.ts';
import { toggleChosen } from './list-state.ts';
import { NextRun } from './next-run.tsx';
import { STATUS_TONES } from './status-style.ts';
import { wholeSpan } from './span.ts';
import { scheduleText, statusText } from './text.ts';

/** The columns of the list, the same for the header and each row. */
export const scheduleGrid = 'grid min-w-230 grid-cols-[20px_minmax(220px,1.4fr)_minmax(140px,0.7fr)_minmax(200px,1fr)_minmax(140px,0.6fr)_76px_92px] items-center gap-3 px-5';

const isRunStatus = (status: string): status is RunStatus => RUN_STATUSES.some((one) => one === status);

interface ScheduleRowProps {
  readonly schedule: ScheduleView;
  readonly index: number;
  readonly id: string;
  readonly now: number;
  readonly current: boolean;
  readonly chosen: boolean;
  readonly allPaused: boolean;
}

/** One schedule: what it means, how it stands, when it runs next and how its last run went. Drawn anew only when something of it has changed. */
export const ScheduleRow = memo(function ScheduleRow({ schedule, index, id, now, current, chosen, allPaused }: ScheduleRowProps) {
  const { t, f, said, language } = useText();
  const { definition, workflowName, status, paused, problem, lastFired, active, buffered, expectedMs } = schedule;
  const name = definition.label === '' ? workflowName : `${workflowName}: ${definition.label}`;
  const tone = STATUS_TONES[status];
  const edit = { place: 'edit', workflowId: schedule.workflowId, schedule: definition.key } as const;
  const pauseIt = (): void => askPause({ kind: 'some', ids: [schedule.id], name });
  const resumeIt = (): void => void resume([schedule.id]).catch(toastError);
  const menu: readonly MenuEntry[] = [
    { id: 'run', label: t(scheduleText.runNow), icon: <Play />, onSelect: () => void runNow(schedule).catch(toastError) },
    paused === null ? { id: 'pause', label: t(scheduleText.pause), icon: <Pause />, disabled: status === 'disabled' || status === 'done', onSelect: pauseIt } : { id: 'resume', label: t(scheduleText.resume), icon: <StepForward />, onSelect: resumeIt },
    { kind: 'separator', id: 'first' },
    { id: 'edit', label: t(scheduleText.edit), icon: <PencilRuler />, onSelect: () => go(edit) },
    { id: 'history', label: t(scheduleText.showHistory), icon: <CalendarClock />, onSelect: () => go({ place: 'schedules', view: 'history', schedule: schedule.id }) },
    { id: 'runs', label: t(scheduleText.showRuns), icon: <ListVideo />, onSelect: () => go({ place: 'runs', workflowId: schedule.workflowId }) },
  ];
  const onClick = (event: MouseEvent): void => {
    // The box answers for itself.
    if ((!event.ctrlKey && !event.metaKey) || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    toggleChosen(schedule.id);
  };
  const remark = problem !== null ? said(problem) : paused === null ? null : paused.note !== '' ? paused.note : paused.by === 'failure' ? t(scheduleText.byFailure) : t(scheduleText.since, f.ago(paused.at, now));
  const lastStatus = lastFired === null ? null : lastFired.status;
  return (
    <div role="row" id={id} aria-rowindex={index + 2} aria-selected={chosen} onClickCapture={onClick} className={cx(scheduleGrid, 'group relative h-14 border-b border-line', chosen ? 'bg-accent-soft' : 'hover:bg-hover', current && 'group-focus-visible/list:bg-hover group-focus-visible/list:shadow-[inset_2px_0_0_var(--focus)]')}>
      <div role="gridcell" className="relative z-10 grid place-items-center">
        <input type="checkbox" tabIndex={-1} checked={chosen} onChange={() => toggleChosen(schedule.id)} aria-label={t(scheduleText.selectOne, name)} className="size-3.5 accent-(--accent)" />
      </div>
      <div role="gridcell" className="min-w-0">
        <div className="flex min-w-0 items-baseline gap-2">
          <a href={href(edit)} tabIndex={-1} className="truncate font-medium after:absolute after:inset-0">
            {workflowName}
          </a>
          {definition.label === '' ? null : <span className="truncate text-sm text-ink-2">{definition.label}</span>}
        </div>
        <p className="truncate text-xs text-ink-3">{describeSchedule(definition, language)}</p>
      </div>
      <div role="gridcell" className="min-w-0">
        <span className="flex min-w-0 items-center gap-1.5">
          <Badge tone={tone}>
            <span className={cx('size-1.5 rounded-full', stateStyles[tone].dot, status === 'running' && 'animate-pulse-soft')} aria-hidden="true" />
            {status === 'running' && active.length > 1 ? t(scheduleText.running, active.length) : t(statusText[status])}
          </Badge>
          {status !== 'running' && active.length > 0 ? <span className="text-xs whitespace-nowrap text-ink-2">{t(scheduleText.running, active.length)}</span> : null}
          {buffered > 0 ? (
            <span className="text-xs whitespace-nowrap text-ink-2" title={t(scheduleText.waitingHelp)}>
              {t(scheduleText.waiting, buffered)}
            </span>
          ) : null}
        </span>
        {remark === null ? null : (
          <p className={cx('selectable relative mt-0.5 w-fit max-w-full truncate text-xs', problem === null ? 'text-ink-2' : 'text-failed')} title={remark}>
            {remark}
          </p>
        )}
      </div>
      <div role="gridcell" className="min-w-0">
        <NextRun schedule={schedule} now={now} allPaused={allPaused} />
      </div>
      <div role="gridcell" className="min-w-0">
        {lastFired === null ? (
          <span className="text-ink-3">{t(scheduleText.never)}</span>
        ) : (
          <a href={href({ place: 'run', runId: lastFired.runId })} tabIndex={-1} className="relative flex w-fit max-w-full min-w-0 items-center gap-2 hover:underline" title={f.dateTime(lastFired.at)}>
            {lastStatus !== null && isRunStatus(lastStatus) ? <StatusDot status={lastStatus} /> : null}
            <span className="truncate text-ink-2">
              {lastStatus === null ? t(scheduleText.runGone) : isRunStatus(lastStatus) ? t(runStatusText[lastStatus]) : lastStatus} · {f.ago(lastFired.at, now)}
            </span>
          </a>
        )}
      </div>
      <div role="gridcell" className="text-right text-ink-2">
        {expectedMs === null ? <span className="text-ink-3">–</span> : wholeSpan(expectedMs, f)}
      </div>
      <div role="gridcell" className="relative flex justify-end gap-0.5 *:opacity-60 group-hover:*:opacity-100 *:focus-visible:opacity-100 *:data-[state=open]:opacity-100">
        <RowButton label={t(scheduleText.runNow)} icon={<Play />} onClick={() => void runNow(schedule).catch(toastError)} />
        {paused === null ? <RowButton label={t(scheduleText.pause)} icon={<Pause />} disabled={status === 'disabled' || status === 'done'} onClick={pauseIt} /> : <RowButton label={t(scheduleText.resume)} icon={<StepForward />} onClick={resumeIt} />}
        <DropdownMenu entries={menu}>
          <MoreButton label={t(common.more)} />
        </DropdownMenu>
      </div>
    </div>
  );
});

interface RowButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** Plain, with the browser's own tooltip: rows come and go by the dozen while one scrolls. The list's keys do the same. */
function RowButton({ label, icon, disabled = false, onClick }: RowButtonProps) {
  return (
    <button type="button" tabIndex={-1} aria-label={label} title={label} disabled={disabled} onClick={onClick} className="grid size-7 place-items-center rounded-md text-ink-2 enabled:hover:bg-active enabled:hover:text-ink disabled:opacity-30! [&_svg]:size-4">
      {icon}
    </button>
  );
}

/** A menu's button has no tooltip of its own: two layers on one trigger fight for it. */
function MoreButton({ label, ...rest }: { readonly label: string }) {
  return (
    <button type="button" tabIndex={-1} {...rest} aria-label={label} className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-active data-[state=open]:bg-active">
      <MoreHorizontal className="size-4" />
    </button>
  );
}

