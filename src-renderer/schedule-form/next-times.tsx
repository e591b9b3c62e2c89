import { Fragment, useMemo } from 'react';
import type { PreviewTime } from '#shared/contract/schedules';
import type { Text } from '#shared/node-spec';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import { previewTimes } from '#shared/schedule/preview';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import { zoneAt, useScheduleForm } from './form.ts';
import { clockOf } from './time-text.ts';
import { words } from './words.ts';
import { ownZone } from './zones.ts';

const COUNT = 10;

/** What the clock does to a time, or on its day; null on ordinary days. */
const clockText = ({ dst, clockChange }: PreviewTime): Text | null =>
  dst === 'gap' ? words.inGap : dst === 'repeat' ? words.twice : clockChange === 'forward' ? words.goesForward : clockChange === 'back' ? words.goesBack : null;

/** The next times (`fires`: how many of its runs are used up), on the clock of the schedule's zone and on the person's own where that is another. */
export function NextTimes({ definition, fires }: { readonly definition: ScheduleDefinition; readonly fires: number }) {
  const { t, f } = useText();
  const form = useScheduleForm();
  const { now } = form;
  // Once a minute is enough: a time that has come leaves the list.
  const minute = Math.floor(now / 60_000) * 60_000;
  const count = Math.min(COUNT, Math.max(0, (definition.policy.remainingRuns ?? Infinity) - fires));
  const times = useMemo(() => previewTimes(definition.times, minute, count), [definition, minute, count]);
  const zone = zoneAt(form);
  const own = ownZone();
  const [there, here] = [clockOf(f, zone), clockOf(f, own)];
  const abroad = times.some(({ at }) => there.time(at) !== here.time(at) || there.day(at, minute) !== here.day(at, minute));
  if (!isTimed(definition.times)) return <p className="border-t border-line pt-4 text-sm text-ink-2">{t(words.noTimes[definition.times.kind])}</p>;
  return (
    <section aria-label={t(words.nextTimes)} className="border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{times.length < COUNT && times.length > 0 ? t(words.allTimes, times.length) : t(words.nextTimes)}</h3>
      {times.length === 0 ? (
        <p role="status" className="mt-1.5 text-sm text-failed">
          {t(words.never)}
        </p>
      ) : (
        <table className="mt-1.5 w-full text-sm">
          {abroad ? (
            <thead className="text-xs text-ink-3">
              <tr>
                <th scope="col" colSpan={2} className="pb-1 text-left font-normal">
                  {zone.replaceAll('_', ' ')}
                </th>
                <th scope="col" className="pb-1 text-right font-normal whitespace-nowrap">
                  {t(words.here, own.replaceAll('_', ' '))}
                </th>
              </tr>
            </thead>
          ) : null}
          <tbody>
            {times.map((time, index) => {
              const mark = clockText(time);
              const day = there.day(time.at, minute);
              const before = times[index - 1];
              const sameDay = before !== undefined && there.day(before.at, minute) === day;
              return (
                <Fragment key={time.at}>
                  <tr className="align-baseline">
                    <th scope="row" className={cx('w-px py-0.75 pr-4 text-left font-normal whitespace-nowrap', sameDay && 'text-transparent')}>
                      {day}
                    </th>
                    <td className="py-0.75 font-medium">{there.time(time.at)}</td>
                    {abroad ? (
                      <td className="py-0.75 pl-2 text-right whitespace-nowrap text-ink-2">
                        {here.day(time.at, minute) === day ? '' : <span className="text-ink-3">{here.day(time.at, minute)} </span>}
                        {here.time(time.at)}
                      </td>
                    ) : null}
                  </tr>
                  {mark === null ? null : (
                    <tr>
                      <td />
                      <td colSpan={abroad ? 2 : 1} className="pb-1 text-xs text-interrupted">
                        {t(mark)}
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
