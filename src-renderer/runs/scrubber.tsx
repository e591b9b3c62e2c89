import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Slider } from 'radix-ui';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { StatusDot } from '../ui/badge.tsx';
import { eventName } from './event-text.ts';
import type { RunHistory } from './history.ts';
import { runsText } from './text.ts';

interface ScrubberProps {
  readonly history: RunHistory;
  /** How many events are shown; null follows the latest. */
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
  readonly going: boolean;
}

/** The slider through a run's events: everything on the page shows the run as it was after the chosen one. */
export function Scrubber({ history, at, onAt, going }: ScrubberProps) {
  const { t, f, pick } = useText();
  const total = history.events.length;
  const shown = at ?? total;
  const event = history.events[shown - 1];
  const first = history.events[0];
  const set = (next: number): void => onAt(next >= total ? null : Math.max(1, next));
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-4">
      <IconButton size="sm" label={t(runsText.previousEvent)} icon={<ChevronLeft />} disabled={shown <= 1} onClick={() => set(shown - 1)} />
      <IconButton size="sm" label={t(runsText.nextEvent)} icon={<ChevronRight />} disabled={at === null} onClick={() => set(shown + 1)} />
      <Slider.Root min={1} max={Math.max(1, total)} step={1} value={[shown]} onValueChange={([next]) => (next === undefined ? undefined : set(next))} disabled={total < 2} className="relative mx-1 flex h-5 flex-1 items-center">
        <Slider.Track className="relative h-1 flex-1 rounded-full bg-active">
          <Slider.Range className="absolute h-full rounded-full bg-accent" />
        </Slider.Track>
        <Slider.Thumb aria-label={t(runsText.scrub)} aria-valuetext={event === undefined ? undefined : pick(eventName[event.type])} className="block size-3 rounded-full border-2 border-accent bg-surface" />
      </Slider.Root>
      <span className="min-w-44 truncate text-right text-xs text-ink-2">
        {event === undefined ? '' : pick(eventName[event.type])}
        {event === undefined || first === undefined ? '' : <span className="ml-2 text-ink-3">+{f.duration(event.at - first.at)}</span>}
      </span>
      <span className="w-28 shrink-0 text-right text-xs text-ink-3">{t(runsText.eventOf, shown, total)}</span>
      <span className="flex w-14 shrink-0 justify-end">
        {at !== null ? (
          <Button size="sm" onClick={() => onAt(null)}>
            {t(runsText.latest)}
          </Button>
        ) : going ? (
          <span className="flex items-center gap-1.5 text-xs text-running">
            <StatusDot status="running" className="size-1.5" />
            {t(runsText.live)}
          </span>
        ) : null}
      </span>
    </div>
  );
}
