import { CalendarX2, Clock, TriangleAlert } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';
import { EmptyState, VirtualList } from '../ui/index.ts';
import { useText } from '../i18n/use-text.ts';
import type { DayItems, Item } from './day-items.ts';
import { aboutItem, saidOfBand, saidOfItem, whyOf } from './item-link.tsx';
import type { SettledBand } from './past.ts';
import type { Band } from './plan.ts';
import { OUTCOME_TONES } from './status-style.ts';
import { calendarText, outcomeText } from './text.ts';
import type { ZoneFormat } from './zone-format.ts';

interface DayListProps {
  readonly one: DayItems;
  readonly format: ZoneFormat;
  readonly collides: ReadonlySet<Item>;
}

/** Everything of one day, in the order of time; what comes many times stands on top. */
export function DayList({ one, format, collides }: DayListProps) {
  const { t } = useText();
  const rows: readonly (Item | Band | SettledBand)[] = [...one.bands, ...one.items];
  if (rows.length === 0) return <EmptyState icon={<CalendarX2 />} title={t(calendarText.emptyDay)} />;
  return (
    <VirtualList
      label={format.longDay(one.day.from + (one.day.to - one.day.from) / 2)}
      count={rows.length}
      rowHeight={36}
      renderRow={(index) => {
        const row = rows[index];
        return row === undefined ? null : <Row row={row} format={format} collides={row.kind === 'planned' && collides.has(row)} />;
      }}
    />
  );
}

function Row({ row, format, collides }: { readonly row: Item | Band | SettledBand; readonly format: ZoneFormat; readonly collides: boolean }) {
  const speech = useText();
  const { t } = speech;
  const { name, label, link } = aboutItem(row);
  const many = row.kind === 'band' || row.kind === 'settledBand';
  const outcome = row.kind === 'settled' || row.kind === 'settledBand' ? row.row.outcome : null;
  return (
    <div className="relative grid h-9 grid-cols-[128px_112px_minmax(160px,1fr)_minmax(200px,1.2fr)] items-center gap-3 border-b border-line px-5 text-sm hover:bg-hover">
      <span className="flex items-center gap-1.5 text-ink-2">
        {format.time(row.at)}
        {many ? ` – ${format.time(row.last)}` : null}
        {row.kind === 'planned' && row.dst !== null ? <Clock className="size-3.5 text-flow" aria-hidden="true" /> : null}
      </span>
      <span>{outcome === null || many ? null : <Badge tone={OUTCOME_TONES[outcome]}>{t(outcomeText[outcome])}</Badge>}</span>
      <a href={link} className="truncate font-medium after:absolute after:inset-0">
        {name}
        {label === '' ? null : <span className="font-normal text-ink-2"> {label}</span>}
      </a>
      <span className="flex min-w-0 items-center gap-1.5 text-ink-2">
        {collides ? <TriangleAlert className="size-3.5 shrink-0 text-interrupted" aria-hidden="true" /> : null}
        <span className="truncate">{many ? saidOfBand(row, speech) : row.kind === 'settled' && row.row.count === 1 ? whyOf(row.row, speech.t) : saidOfItem(row, collides, speech)}</span>
      </span>
    </div>
  );
}
