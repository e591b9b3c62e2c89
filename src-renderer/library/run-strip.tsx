import type { RunRow } from '#shared/contract/runs';
import { go } from '../app/router.ts';
import { runStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/cx.ts';
import { stateOf, stateStyles } from '../ui/state-style.ts';
import { libraryText } from './text.ts';

const PLACES = 14;
const LOW = 5;
const HIGH = 20;

/** Heights in pixels: the longest run of the strip is the tallest; the square root keeps short ones visible. */
export function stripHeights(runs: readonly Pick<RunRow, 'durationMs'>[]): number[] {
  const longest = Math.max(1, ...runs.map((run) => run.durationMs ?? 0));
  return runs.map((run) => Math.round(LOW + (HIGH - LOW) * Math.sqrt((run.durationMs ?? 0) / longest)));
}

/** The last runs at a glance, newest on the right: colour is the outcome, height the duration. A click opens the run. */
export function RunStrip({ runs }: { readonly runs: readonly RunRow[] }) {
  const { t, f } = useText();
  const shown = runs.slice(0, PLACES).toReversed();
  const heights = stripHeights(shown);
  const good = shown.filter((run) => run.status === 'completed').length;
  const waiting = shown.filter((run) => run.status === 'paused').length;
  const said = [t(libraryText.stripSummary, good, shown.length), ...(waiting === 0 ? [] : [t(libraryText.waits, waiting)])].join(', ');
  return (
    <span role="img" aria-label={shown.length === 0 ? t(libraryText.never) : said} className="flex h-6 items-end gap-0.5">
      {Array.from({ length: PLACES - shown.length }, (_, index) => (
        <span key={`empty-${index}`} className="h-0.75 w-1.5 rounded-full bg-line" />
      ))}
      {shown.map((run, index) => (
        <button
          key={run.id}
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          title={[t(runStatusText[run.status]), f.dateTime(run.requestedAt), run.durationMs === null ? null : f.duration(run.durationMs)].filter(Boolean).join(' · ')}
          onClick={(event) => {
            event.stopPropagation();
            go({ place: 'run', runId: run.id });
          }}
          className={cx('w-1.5 rounded-[2px] opacity-85 hover:opacity-100', stateStyles[stateOf(run.status)].dot, run.status === 'running' && 'animate-pulse-soft')}
          style={{ height: heights[index] }}
        />
      ))}
    </span>
  );
}
