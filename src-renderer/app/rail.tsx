import { Activity, CalendarClock, History, LayoutList, Search, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { commandOf } from '../commands/list.ts';
import { runCommand } from '../commands/registry.ts';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/cx.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { Mark } from './mark.tsx';
import { href } from './router.ts';
import type { Place } from './router.ts';
import { appText, placeText } from './text.ts';

type RailPlace = keyof typeof placeText;
const PLACES: readonly { readonly place: RailPlace; readonly icon: ReactNode; readonly covers: readonly Place[] }[] = [
  { place: 'library', icon: <LayoutList />, covers: ['library', 'edit'] },
  { place: 'runs', icon: <History />, covers: ['runs', 'run', 'compare'] },
  { place: 'schedules', icon: <CalendarClock />, covers: ['schedules'] },
  { place: 'monitor', icon: <Activity />, covers: ['monitor'] },
];
const itemClass = 'grid size-9 place-items-center rounded-lg text-ink-3 transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4.5 [&_svg]:stroke-[1.75]';

/** The slim bar on the left: where one can go. */
export function Rail({ at, runs }: { readonly at: Place; readonly runs: { readonly running: number; readonly queued: number; readonly paused: number } }) {
  const { t, pick } = useText();
  // Runs that wait for a person come first: nothing else moves them.
  const mark = runs.paused > 0 ? { count: runs.paused, colour: 'bg-interrupted', said: t(appText.runsPaused, runs.paused) } : { count: runs.running + runs.queued, colour: 'bg-running', said: t(appText.runsGoing, runs.running + runs.queued) };
  const link = (place: RailPlace, icon: ReactNode, covers: readonly Place[]): ReactNode => (
    <Tooltip key={place} text={pick(placeText[place])} keys={commandOf(`view.${place}`).keys} side="right">
      <a href={href({ place })} aria-label={place === 'runs' && mark.count > 0 ? `${pick(placeText[place])}: ${mark.said}` : pick(placeText[place])} aria-current={covers.includes(at) ? 'page' : undefined} className={cx(itemClass, 'relative aria-[current]:bg-active aria-[current]:text-ink')}>
        {icon}
        {place === 'runs' && mark.count > 0 ? (
          <span aria-hidden="true" className={cx('absolute top-0.5 right-0.5 grid h-3.5 min-w-3.5 place-items-center rounded-full px-0.5 text-[9px] leading-none font-semibold text-surface', mark.colour)}>
            {mark.count > 99 ? '99+' : mark.count}
          </span>
        ) : null}
      </a>
    </Tooltip>
  );
  return (
    <nav aria-label={t(appText.navigation)} className="flex w-13 shrink-0 flex-col items-center gap-1 border-r border-line bg-app py-2.5">
      <a href={href({ place: 'library' })} aria-label="Millrace" tabIndex={-1} className="mb-2 grid size-9 place-items-center text-accent-text">
        <Mark />
      </a>
      {PLACES.map((one) => link(one.place, one.icon, one.covers))}
      <div className="mt-auto flex flex-col gap-1">
        <Tooltip text={t(appText.search)} keys={commandOf('view.palette').keys} side="right">
          <button type="button" aria-label={t(appText.search)} onClick={() => runCommand('view.palette')} className={itemClass}>
            <Search />
          </button>
        </Tooltip>
        {link('settings', <Settings />, ['settings'])}
      </div>
    </nav>
  );
}
