import { ChevronLeft, ChevronRight, CircleAlert, Link2 } from 'lucide-react';
import { Slider } from 'radix-ui';
import { useMemo } from 'react';
import { href } from '../app/router.ts';
import { commandOf } from '../commands/list.ts';
import { useCommands } from '../commands/registry.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { StatusDot } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { stateStyles } from '../ui/state-style.ts';
import { toast } from '../ui/toast.tsx';
import { eventName, eventTone } from './event-text.ts';
import type { RunHistory } from './history.ts';
import { isFailure, landmark } from './landmarks.ts';
import type { Landmark } from './landmarks.ts';
import { runsText } from './text.ts';
import { words } from './words.ts';

interface ScrubberProps {
  readonly runId: string;
  readonly history: RunHistory;
  /** How many events are shown; null follows the latest. */
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
  readonly going: boolean;
  /** Jumps between attempts keep to this node. */
  readonly selected: string | null;
}

/** Failures marked on the slider, at most: more would be a stripe. */
const MOST_MARKS = 120;

/** The slider through a run's events: everything on the page shows the run as it was after the chosen one. */
export function Scrubber({ runId, history: { events }, at, onAt, going, selected }: ScrubberProps) {
  const { t, f, pick } = useText();
  const total = events.length;
  const shown = Math.min(at ?? total, total);
  const event = events[shown - 1];
  const first = events[0];
  const set = (next: number): void => onAt(next >= total ? null : Math.max(1, next));
  const to = (kind: Landmark, way: 1 | -1): number | null => landmark(events, shown, kind, way, selected);
  const jump = (kind: Landmark, way: 1 | -1): void => {
    const next = to(kind, way);
    if (next !== null) set(next);
  };
  useCommands({
    'runs.previousEvent': { run: () => set(shown - 1), enabled: shown > 1 },
    'runs.nextEvent': { run: () => set(shown + 1), enabled: shown < total },
    'runs.previousFailure': { run: () => jump('failure', -1), enabled: to('failure', -1) !== null },
    'runs.nextFailure': { run: () => jump('failure', 1), enabled: to('failure', 1) !== null },
    'runs.previousAttempt': { run: () => jump('attempt', -1), enabled: to('attempt', -1) !== null },
    'runs.nextAttempt': { run: () => jump('attempt', 1), enabled: to('attempt', 1) !== null },
  });
  const failures = useMemo(() => events.flatMap((one, index) => (isFailure(one) ? [{ index, tone: eventTone[one.type] }] : [])).slice(0, MOST_MARKS), [events]);
  const copyLink = (): void => {
    const link = `${window.location.href.split('#')[0]}${href({ place: 'run', runId, version: shown })}`;
    void navigator.clipboard.writeText(link).then(() => toast({ tone: 'success', title: t(words.linkCopied) }));
  };
  return (
    <div className="flex h-9 shrink-0 items-center gap-0.5 border-b border-line px-4">
      <IconButton size="sm" label={t(runsText.previousEvent)} keys={commandOf('runs.previousEvent').keys} icon={<ChevronLeft />} disabled={shown <= 1} onClick={() => set(shown - 1)} />
      <IconButton size="sm" label={t(runsText.nextEvent)} keys={commandOf('runs.nextEvent').keys} icon={<ChevronRight />} disabled={shown >= total} onClick={() => set(shown + 1)} />
      <Slider.Root min={1} max={Math.max(1, total)} step={1} value={[shown]} onValueChange={([next]) => (next === undefined ? undefined : set(next))} disabled={total < 2} className="relative mx-3 flex h-5 flex-1 items-center">
        <Slider.Track className="relative h-1 flex-1 rounded-full bg-active">
          <Slider.Range className="absolute h-full rounded-full bg-accent" />
        </Slider.Track>
        {failures.map(({ index, tone }) => (
          <span key={index} aria-hidden="true" className={cx('pointer-events-none absolute h-2.5 w-0.5 rounded-full', stateStyles[tone].dot)} style={{ left: `calc(5px + (100% - 12px) * ${index / Math.max(1, total - 1)})` }} />
        ))}
        <Slider.Thumb aria-label={t(runsText.scrub)} aria-valuetext={event === undefined ? undefined : `${t(runsText.eventOf, shown, total)}, ${pick(eventName[event.type])}`} className="block size-3 rounded-full border-2 border-accent bg-surface" />
      </Slider.Root>
      {failures.length === 0 ? null : (
        <span role="group" aria-label={t(words.failures, failures.length)} className={cx('mr-1 flex shrink-0 items-center text-xs', failures.some(({ tone }) => tone === 'failed') ? 'text-failed' : 'text-interrupted')}>
          <IconButton size="sm" label={t(words.previousFailure)} keys={commandOf('runs.previousFailure').keys} icon={<ChevronLeft />} disabled={to('failure', -1) === null} onClick={() => jump('failure', -1)} />
          <CircleAlert className="mr-1 size-3.5" aria-hidden="true" />
          {f.number(failures.length)}
          <IconButton size="sm" label={t(words.nextFailure)} keys={commandOf('runs.nextFailure').keys} icon={<ChevronRight />} disabled={to('failure', 1) === null} onClick={() => jump('failure', 1)} />
        </span>
      )}
      <span className="min-w-40 truncate text-right text-xs text-ink-2">
        {event === undefined ? '' : pick(eventName[event.type])}
        {event === undefined || first === undefined ? '' : <span className="ml-2 text-ink-3">+{f.duration(Math.max(0, event.at - first.at))}</span>}
      </span>
      <span className="min-w-28 shrink-0 pl-3 text-right text-xs whitespace-nowrap text-ink-3">{t(runsText.eventOf, shown, total)}</span>
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
      <IconButton size="sm" label={t(words.copyLink)} icon={<Link2 />} onClick={copyLink} className="ml-1" />
    </div>
  );
}
