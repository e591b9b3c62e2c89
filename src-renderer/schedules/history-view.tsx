import { useVirtualizer } from '@tanstack/react-virtual';
import { CalendarCheck, RotateCcw, SearchX } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { OccurrenceRow, ScheduleView } from '#shared/contract/schedules';
import { Failure } from '../app/error-boundary.tsx';
import { keys, queryClient } from '../app/queries.ts';
import { go, href } from '../app/router.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { linkClass } from '../runs/run-story.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button, EmptyState, cx } from '../ui/index.ts';
import { stateStyles } from '../ui/state-style.ts';
import { askMissed } from './dialogs.ts';
import { zoneOf } from './list.ts';
import { OnlyOne } from './schedules-list.tsx';
import { OUTCOME_TONES } from './status-style.ts';
import { historyText, howText, outcomeText, reasonText, scheduleText } from './text.ts';
import { useHistory } from './use-history.ts';
import { cityOf, ownZone, zoneFormat } from './zone-format.ts';

const ROW = 40;
const OUTCOMES = ['fired', 'missed', 'skipped', 'buffered'] as const satisfies readonly OccurrenceRow['outcome'][];
const grid = 'grid min-w-220 grid-cols-[104px_minmax(180px,1fr)_minmax(200px,0.9fr)_minmax(220px,1.2fr)_120px_104px] items-center gap-3 px-5';

interface HistoryViewProps {
  readonly schedules: readonly ScheduleView[];
  /** The id of the one schedule it keeps to. */
  readonly schedule: string | undefined;
}

/** What became of each time of the schedules, newest first: whether it ran, or why it did not, and the way to run it after all. */
export function HistoryView({ schedules, schedule }: HistoryViewProps) {
  const { t } = useText();
  const [outcomes, setOutcomes] = useState<readonly OccurrenceRow['outcome'][]>([]);
  const byId = useMemo(() => new Map<string, ScheduleView>(schedules.map((one) => [one.id, one])), [schedules]);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<readonly [number, number]>([0, 0]);
  const history = useHistory({ schedule, outcomes }, view[0], view[1]);
  const total = history.total ?? 0;
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const list = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const items = list.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => setView([first, last]), [first, last]);
  const one = schedule === undefined ? undefined : byId.get(schedule);
  const filtered = outcomes.length > 0 || schedule !== undefined;
  return (
    <>
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2">
        <OnlyOrAll schedule={schedule} one={one} />
        {history.total === undefined ? null : <span className="text-sm text-ink-3">{t(historyText.total, history.total)}</span>}
        <div role="group" aria-label={t(historyText.outcome)} className="ml-auto flex gap-1">
          {OUTCOMES.map((outcome) => (
            <button
              key={outcome}
              type="button"
              aria-pressed={outcomes.includes(outcome)}
              onClick={() => setOutcomes(outcomes.includes(outcome) ? outcomes.filter((other) => other !== outcome) : [...outcomes, outcome])}
              className="inline-flex h-7 items-center gap-1.5 rounded-md border border-transparent px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-active aria-pressed:text-ink"
            >
              <span aria-hidden="true" className={cx('size-2 rounded-full', stateStyles[OUTCOME_TONES[outcome]].dot)} />
              {t(outcomeText[outcome])}
            </button>
          ))}
        </div>
      </div>
      {history.error !== null && history.total === undefined ? (
        <Failure title={t(scheduleText.failed)} thrown={history.error}>
          <Button variant="primary" onClick={() => void queryClient.invalidateQueries({ queryKey: keys.schedules })}>
            {t(common.retry)}
          </Button>
        </Failure>
      ) : null}
      {history.total === 0 ? (
        filtered ? (
          <EmptyState
            icon={<SearchX />}
            title={t(historyText.noneMatch)}
            actions={
              <Button
                onClick={() => {
                  setOutcomes([]);
                  go({ place: 'schedules', view: 'history' });
                }}
              >
                {t(scheduleText.clearFilters)}
              </Button>
            }
          />
        ) : (
          <EmptyState icon={<CalendarCheck />} title={t(historyText.noneYet)}>
            {t(historyText.noneYetHelp)}
          </EmptyState>
        )
      ) : (
        <div ref={scroller} role="table" aria-rowcount={total + 1} aria-label={t(scheduleText.history)} tabIndex={0} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
          <div role="row" className={`${grid} sticky top-0 z-10 h-8 border-b border-line bg-surface text-xs font-medium text-ink-3`}>
            {[historyText.outcome, historyText.schedule, historyText.nominal, historyText.why, historyText.decided].map((text) => (
              <div key={text.en} role="columnheader">
                {t(text)}
              </div>
            ))}
            <div role="columnheader" aria-label={t(scheduleText.actions)} />
          </div>
          <div className="relative" style={{ height: list.getTotalSize() }}>
            {items.map((item) => (
              <div key={item.key} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${String(item.start)}px)` }}>
                <Row row={history.row(item.index)} index={item.index} byId={byId} />
              </div>
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function OnlyOrAll({ schedule, one }: { readonly schedule: string | undefined; readonly one: ScheduleView | undefined }) {
  const { t } = useText();
  if (schedule === undefined) return <span className="text-sm text-ink-2">{t(historyText.all)}</span>;
  const name = one === undefined ? schedule : one.definition.label === '' ? one.workflowName : `${one.workflowName}: ${one.definition.label}`;
  return <OnlyOne name={t(historyText.one, name)} onClear={() => go({ place: 'schedules', view: 'history' })} />;
}

function Row({ row, index, byId }: { readonly row: OccurrenceRow | undefined; readonly index: number; readonly byId: ReadonlyMap<string, ScheduleView> }) {
  const { t, f, said, language } = useText();
  if (row === undefined) return <div role="row" aria-rowindex={index + 2} aria-busy="true" className={`${grid} h-10 border-b border-line *:h-2 *:rounded-full *:bg-active`}><span className="w-16" /><span className="w-40" /></div>;
  const schedule = byId.get(row.scheduleId);
  const own = ownZone();
  const zone = (schedule === undefined ? null : zoneOf(schedule)) ?? own;
  // On the person's clock: the list is in its order. The schedule's own stands beside it.
  const [format, there] = [zoneFormat(language, own), zoneFormat(language, zone)];
  const differs = there.dayTime(row.nominalTime) !== format.dayTime(row.nominalTime);
  const sameDay = format.day(row.nominalTime) === format.day(row.lastNominalTime);
  const why = [row.reason === null ? null : t(reasonText[row.reason]), row.outcome === 'fired' || row.outcome === 'buffered' ? (row.how === null ? null : t(howText[row.how])) : null, row.detail === null ? null : said(row.detail)].filter((one) => one !== null).join(' · ');
  const tone = OUTCOME_TONES[row.outcome];
  return (
    <div role="row" aria-rowindex={index + 2} className={cx(grid, 'group h-10 border-b border-line hover:bg-hover')}>
      <div role="cell">
        <Badge tone={tone}>
          <span aria-hidden="true" className={cx('size-1.5 rounded-full', stateStyles[tone].dot)} />
          {t(outcomeText[row.outcome])}
        </Badge>
      </div>
      <div role="cell" className="min-w-0 truncate">
        <a href={href({ place: 'schedules', schedule: row.scheduleId })} className="rounded-sm font-medium hover:underline">
          {row.workflowName}
        </a>
        {schedule === undefined || schedule.definition.label === '' ? null : <span className="text-ink-2"> {schedule.definition.label}</span>}
      </div>
      <div role="cell" className="min-w-0 truncate" title={`${there.longDay(row.nominalTime)} ${there.time(row.nominalTime)} ${zone}`}>
        {format.dayTime(row.nominalTime)}
        {differs && row.count === 1 ? <span className="text-ink-3"> · {there.time(row.nominalTime)} {cityOf(zone)}</span> : null}
        {row.count === 1 ? null : (
          <span className="text-ink-2">
            {' – '}
            {sameDay ? format.time(row.lastNominalTime) : format.dayTime(row.lastNominalTime)} · {t(historyText.times, row.count)}
          </span>
        )}
      </div>
      <div role="cell" className="selectable min-w-0 truncate text-ink-2" title={why}>
        {why}
      </div>
      <div role="cell" className="truncate text-ink-3">
        {f.dateTime(row.at)}
      </div>
      <div role="cell" className="flex justify-end">
        {row.runId === null ? null : (
          <a href={href({ place: 'run', runId: row.runId })} className={linkClass}>
            {t(scheduleText.showRun)}
          </a>
        )}
        {row.outcome === 'missed' || row.outcome === 'skipped' ? (
          <Button size="sm" icon={<RotateCcw />} onClick={() => askMissed(row)}>
            {t(historyText.runMissed)}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
