import { useEffect, useMemo, useState } from 'react';
import { isTimeZone, offsetAt } from '#shared/schedule/zone';
import { useText } from '../i18n/use-text.ts';
import { Field, Input } from '../ui/index.ts';
import { Place, idOf, useBelow } from './fields.tsx';
import { textAt, useScheduleForm } from './form.ts';
import { findZones, offsetText, ownZone, prepareZones, zoneOf } from './zones.ts';
import { words } from './words.ts';

/** More than anybody scrolls through: who looks for a zone types. */
const MOST_SHOWN = 60;

/** The schedule's time zone: found by city, by what it is called, or by its offset. */
export function ZoneField() {
  const { t, f } = useText();
  const { item, put, now } = useScheduleForm();
  const [query, setQuery] = useState<string | null>(null);
  const [cursor, setCursor] = useState(0);
  const value = textAt(item, 'timeZone');
  const own = ownZone();
  const [opened] = useState(now);
  useEffect(() => prepareZones(f.locale, opened), [f.locale, opened]);
  const found = useMemo(() => {
    if (query === null) return [];
    const all = findZones(f.locale, query, now);
    return (query === '' ? [own, ...all.filter((name) => name !== own)] : all).slice(0, MOST_SHOWN).map((name) => zoneOf(f.locale, name, now));
  }, [query, f.locale, own, now]);
  const close = (): void => {
    setQuery(null);
    setCursor(0);
  };
  const choose = (name: string): void => {
    put({ timeZone: name }, 'timeZone');
    close();
  };
  const zoneHelp = isTimeZone(value) ? `UTC${offsetText(offsetAt(value, now))}${value === own ? ` · ${t(words.zoneHere)}` : ''}` : undefined;
  const below = useBelow('timeZone', zoneHelp);
  return (
    <Place name="timeZone">
      <Field label={t(words.zone)} htmlFor={idOf('timeZone')} help={below.help} error={below.error}>
        <div className="relative">
          <Input
            id={idOf('timeZone')}
            role="combobox"
            aria-expanded={query !== null}
            aria-controls="schedule-zones"
            aria-autocomplete="list"
            aria-activedescendant={query === null || found[cursor] === undefined ? undefined : `schedule-zone-${cursor}`}
            aria-invalid={below.invalid}
            placeholder={query === null ? undefined : value === '' ? t(words.zoneSearch) : value}
            value={query ?? value}
            onFocus={(event) => event.currentTarget.select()}
            onClick={() => setQuery((typed) => typed ?? '')}
            onBlur={() => (query !== null && query !== value && isTimeZone(query) ? choose(query) : close())}
            onChange={(event) => {
              setQuery(event.target.value);
              setCursor(0);
            }}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
              if (step !== 0) {
                event.preventDefault();
                setQuery((typed) => typed ?? '');
                if (found.length > 0) setCursor((cursor + step + found.length) % found.length);
              } else if (event.key === 'Enter' && query !== null) {
                event.preventDefault();
                const zone = found[cursor];
                if (zone !== undefined) choose(zone.name);
              } else if (event.key === 'Escape' && query !== null) {
                event.stopPropagation();
                close();
              }
            }}
          />
          {query === null ? null : (
            <ul id="schedule-zones" role="listbox" aria-label={t(words.zone)} className="absolute inset-x-0 top-full z-20 mt-1 max-h-64 overflow-y-auto rounded-lg bg-raised p-1 shadow-high">
              {found.length === 0 ? <li className="px-2 py-1.5 text-sm text-ink-2">{t(words.zoneNone)}</li> : null}
              {found.map((zone, index) => (
                <li
                  key={zone.name}
                  id={`schedule-zone-${index}`}
                  role="option"
                  aria-selected={index === cursor}
                  ref={index === cursor ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
                  className="flex items-baseline gap-2 rounded-md px-2 py-1 text-sm hover:bg-hover aria-selected:bg-active"
                  onPointerDown={(event) => {
                    event.preventDefault();
                    choose(zone.name);
                  }}
                >
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{zone.name.replaceAll('_', ' ')}</span>
                    <span className="block truncate text-xs text-ink-3">{zone.name === own ? `${zone.called} · ${t(words.zoneHere)}` : zone.called}</span>
                  </span>
                  <span className="shrink-0 text-xs text-ink-3 tabular-nums">{offsetText(offsetAt(zone.name, now))}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Field>
    </Place>
  );
}
