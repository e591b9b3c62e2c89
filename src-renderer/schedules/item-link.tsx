import { Clock, TriangleAlert } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { OccurrenceRow } from '#shared/contract/schedules';
import { href } from '../app/router.ts';
import type { Speech } from '../i18n/use-text.ts';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import type { Item } from './day-items.ts';
import type { SettledBand } from './past.ts';
import type { Band } from './plan.ts';
import { wholeSpan } from './span.ts';
import { calendarText, howText, outcomeText, reasonText } from './text.ts';
import type { ZoneFormat } from './zone-format.ts';

/** A planned one is the accent's; what has been has the colour of its outcome. */
const looks = {
  planned: 'border-accent bg-accent-soft text-ink',
  fired: 'border-completed bg-completed-soft text-ink',
  missed: 'border-interrupted bg-interrupted-soft text-ink',
  skipped: 'border-skipped border-dashed bg-skipped-soft text-ink-2',
  buffered: 'border-queued border-dashed bg-queued-soft text-ink-2',
} as const;

/** Who an entry of the calendar is about, and where a click leads: to the run where there is one, else to the schedule. */
export function aboutItem(item: Item | Band | SettledBand): { readonly name: string; readonly label: string; readonly link: string } {
  if (item.kind === 'planned' || item.kind === 'band') return { name: item.schedule.workflowName, label: item.schedule.definition.label, link: href({ place: 'schedules', schedule: item.schedule.id }) };
  const { row } = item;
  if (item.kind === 'settled' && row.runId !== null) return { name: row.workflowName, label: '', link: href({ place: 'run', runId: row.runId }) };
  return { name: row.workflowName, label: '', link: href({ place: 'schedules', view: 'history', schedule: row.scheduleId }) };
}

const outcomeOf = (item: Item): keyof typeof looks => (item.kind === 'planned' ? 'planned' : item.row.outcome);

/** Why there was no run, or how there was one. */
export const whyOf = ({ reason, how }: OccurrenceRow, t: Speech['t']): string | null => (reason !== null ? t(reasonText[reason]) : how !== null ? t(howText[how]) : null);

/** All that is known of an entry, in words: for a screen reader, a tooltip and the list of a day. */
export function saidOfItem(item: Item, collides: boolean, { t, f }: Speech): string {
  if (item.kind === 'settled') {
    const { row } = item;
    return [row.count > 1 ? t(calendarText.outcomes[row.outcome], row.count) : t(outcomeText[row.outcome]), whyOf(row, t)].filter((one) => one !== null).join(' · ');
  }
  const takes = item.until - item.at;
  return [takes > 0 ? t(calendarText.expected, wholeSpan(takes, f)) : null, item.dst === null ? null : t(calendarText[item.dst]), collides ? t(calendarText.collides) : null].filter((one) => one !== null).join(' · ');
}

/** How a band is said: `every 30 s`, or how often. */
export function saidOfBand(band: Band | SettledBand, { t, f }: Speech): string {
  if (band.kind === 'settledBand') {
    return (['fired', 'missed', 'skipped', 'buffered'] as const).filter((outcome) => band.counts[outcome] > 0).map((outcome) => t(calendarText.outcomes[outcome], band.counts[outcome])).join(', ');
  }
  const count = band.count === null ? null : t(calendarText.atLeast, band.count);
  return [band.everyMs === null ? (count === null ? t(calendarText.many) : null) : t(calendarText.every, wholeSpan(band.everyMs, f)), count].filter((one) => one !== null).join(' · ');
}

interface ItemLinkProps {
  readonly item: Item;
  readonly format: ZoneFormat;
  readonly collides: boolean;
  /** Without its time: where it stands says so. */
  readonly brief?: boolean;
  readonly className?: string;
  readonly style?: CSSProperties;
}

/** One entry of the calendar. */
export function ItemLink({ item, format, collides, brief = false, className, style }: ItemLinkProps) {
  const speech = useText();
  const { name, label, link } = aboutItem(item);
  const said = saidOfItem(item, collides, speech);
  const moved = item.kind === 'planned' && item.dst !== null;
  const whole = [`${format.time(item.at)} ${name}${label === '' ? '' : `: ${label}`}`, said].filter((one) => one !== '').join(' · ');
  return (
    <a href={link} aria-label={whole} title={whole} style={style} className={cx('flex min-w-0 items-start gap-1 overflow-hidden rounded-sm border-l-2 px-1 text-2xs leading-4 hover:brightness-95 focus-visible:z-20 dark:hover:brightness-125', looks[outcomeOf(item)], className)}>
      {collides ? <TriangleAlert className="mt-0.5 size-3 shrink-0 text-interrupted" aria-hidden="true" /> : null}
      {moved ? <Clock className="mt-0.5 size-3 shrink-0 text-ink-2" aria-hidden="true" /> : null}
      {brief ? null : <span className="shrink-0 text-ink-2">{format.time(item.at)}</span>}
      <span className="truncate font-medium">{name}</span>
      {item.kind === 'settled' && item.row.count > 1 ? <span className="shrink-0">×{speech.f.number(item.row.count)}</span> : null}
    </a>
  );
}

/** Many runs of one schedule on a day, as one line. */
export function BandLink({ band, className }: { readonly band: Band | SettledBand; readonly className?: string }) {
  const speech = useText();
  const { name, link } = aboutItem(band);
  const said = saidOfBand(band, speech);
  // The column is narrow: how often they come says enough.
  const brief = band.kind === 'band' && band.everyMs !== null ? speech.t(calendarText.every, wholeSpan(band.everyMs, speech.f)) : said;
  const look = band.kind === 'band' ? looks.planned : band.counts.missed > 0 ? looks.missed : looks.fired;
  return (
    <a href={link} title={`${name} · ${said}`} className={cx('flex min-w-0 items-baseline gap-1 overflow-hidden rounded-sm border-l-2 px-1 text-2xs leading-4 hover:brightness-95', look, className)}>
      <span className="truncate font-medium">{name}</span>
      <span className="shrink-0 text-ink-2">{brief}</span>
    </a>
  );
}
