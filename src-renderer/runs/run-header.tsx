import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorSentence } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { href } from '../app/router.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { RunStatusBadge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { RunButtons } from './run-buttons.tsx';
import { rowsWritten, segmentLeft, workedFor } from './run-facts.ts';
import type { LiveProgress } from './run-facts.ts';
import type { NodeName } from './run-workflow.ts';
import { RunStory } from './run-story.tsx';
import { runsText } from './text.ts';

interface RunHeaderProps {
  /** At the moment that is looked at. */
  readonly run: Run;
  /** After its last event: what can be done with it depends on this. */
  readonly latest: Run;
  readonly now: number;
  /** Null when a moment of the past is looked at. */
  readonly live: LiveProgress | null;
  readonly events: readonly StudioEvent[];
  readonly selected: string | null;
  readonly names: ReadonlyMap<string, NodeName>;
}

/** What a run is: state, times, rows, who asked; what went wrong; and what can be done. */
export function RunHeader({ run, latest, now, live, events, selected, names }: RunHeaderProps) {
  const { t, f, said } = useText();
  const duration = workedFor(run, now);
  const written = rowsWritten(run, live);
  const left = live === null || run.status !== 'running' ? null : segmentLeft(run, live, now);
  return (
    <header className="shrink-0 border-b border-line">
      <div className="flex h-12 items-center gap-3 px-5">
        <nav className="flex max-w-[36%] shrink-0 items-center gap-1.5 text-md" aria-label={t(runsText.back)}>
          <a href={href({ place: 'runs' })} className="shrink-0 rounded-sm text-ink-2 hover:text-ink">
            {t(runsText.title)}
          </a>
          <ChevronRight className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
          <h1 className="truncate font-semibold">{run.workflowName}</h1>
        </nav>
        <span aria-live="polite">
          <RunStatusBadge status={run.status} />
        </span>
        <dl className="flex h-5 min-w-0 flex-1 flex-wrap items-center gap-x-4 overflow-hidden pl-2">
          <Fact name={t(runsText.duration)}>{duration === null ? '–' : f.duration(run.durationMs === null && duration > 1000 ? Math.floor(duration / 100) * 100 : duration)}</Fact>
          {written.rows === 0 && !isTerminal(run.status) ? null : (
            <Fact name={t(runsText.rowsWritten)}>
              {written.estimated ? '≈ ' : ''}
              {f.number(written.rows)}
            </Fact>
          )}
          {left === null ? null : <Fact name={t(runsText.progress)}>{t(runsText.progressLeft, left.fraction, left.leftMs)}</Fact>}
        </dl>
        <RunButtons latest={latest} version={run.version} selected={selected} names={names} />
      </div>
      <RunStory run={run} events={events} names={names} />
      {run.error === null ? null : (
        <div role="alert" className="selectable flex items-start gap-3 border-t border-line bg-failed-soft px-5 py-2 text-sm">
          <div className="min-w-0 flex-1">
            <p className="font-medium text-failed">{run.failedNode === null ? t(common.somethingFailed) : t(runsText.failedAt, names.get(run.failedNode)?.label ?? run.failedNode)}</p>
            <p className="text-ink">{errorSentence({ ...run.error, message: said(run.error.message), ...(run.error.remedy === undefined ? {} : { remedy: said(run.error.remedy) }) })}</p>
            {run.error.detail === undefined ? null : (
              <details className="mt-1">
                <summary className="text-xs text-ink-2">{t(common.showDetail)}</summary>
                <pre className="mt-1 max-h-40 overflow-auto font-mono text-xs whitespace-pre-wrap">{run.error.detail}</pre>
              </details>
            )}
          </div>
          <Button size="sm" variant="ghost" onClick={() => void navigator.clipboard.writeText(JSON.stringify(run.error, null, 2))}>
            {t(common.copyDetail)}
          </Button>
        </div>
      )}
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-1.5 text-sm whitespace-nowrap">
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
