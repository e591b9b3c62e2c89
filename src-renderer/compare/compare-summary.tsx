import type { ReactNode } from 'react';
import type { StudioEvent } from '#shared/events';
import type { NodeKey, NodeSpec } from '#shared/node-spec';
import type { Run } from '#shared/run/run';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { adventures } from '../runs/moment.ts';
import { rowsWritten } from '../runs/run-facts.ts';
import { linkClass, OriginLink } from '../runs/run-story.tsx';
import type { NodeName } from '../runs/run-workflow.ts';
import { runsText, triggerText } from '../runs/text.ts';
import { words } from '../runs/words.ts';
import { RunStatusBadge } from '../ui/badge.tsx';
import { ChangeList } from './change-list.tsx';
import { signed } from './difference.ts';
import { SideMark } from './side.tsx';
import { compareText } from './text.ts';

interface CompareSummaryProps {
  readonly left: Run;
  readonly right: Run;
  readonly leftEvents: readonly StudioEvent[];
  readonly rightEvents: readonly StudioEvent[];
  readonly names: ReadonlyMap<string, NodeName>;
  readonly specs: ReadonlyMap<NodeKey, NodeSpec> | undefined;
}

/** The two runs as wholes, fact by fact, and what changed in the workflow between them. */
export function CompareSummary({ left, right, leftEvents, rightEvents, names, specs }: CompareSummaryProps) {
  const { t, f, pick } = useText();
  const both = [left, right] as const;
  const durations = both.map((run) => run.durationMs);
  const rows = both.map((run) => rowsWritten(run).rows);
  const events = [leftEvents.length, rightEvents.length];
  const [a, b] = [adventures(left, leftEvents), adventures(right, rightEvents)];
  const eventful = a.resumed + a.lost + a.reused + b.resumed + b.lost + b.reused > 0;
  const told = ({ resumed, lost, reused }: typeof a): string => [reused > 0 ? t(words.reusedNodes, reused) : '', resumed > 0 ? t(words.resumedTimes, resumed) : '', lost > 0 ? t(words.lostAttempts, lost) : ''].filter(Boolean).join(' · ') || '–';
  const origin = (run: Run): ReactNode => (run.origin === null ? pick(triggerText[run.trigger.kind]) : <OriginLink origin={run.origin} names={names} />);
  const [msA, msB] = durations;
  return (
    <section aria-label={t(compareText.summary)} className="border-b border-line px-5 py-3">
      <table className="w-full table-fixed text-left text-sm [&_td]:py-0.75 [&_td]:align-top [&_th]:py-0.75 [&_th]:align-top">
        <colgroup>
          <col className="w-36" />
          <col />
          <col />
          <col className="w-44" />
        </colgroup>
        <thead>
          <tr>
            <td />
            {both.map((run, index) => (
              <th key={index} scope="col" className="font-normal">
                <span className="flex min-w-0 items-center gap-2">
                  <SideMark side={index === 0 ? 'A' : 'B'} />
                  <a href={href({ place: 'run', runId: run.id })} className={`${linkClass} min-w-0 truncate font-medium`}>
                    {run.workflowName}
                  </a>
                  <span className="shrink-0 text-ink-2">{f.dateTime(run.requestedAt)}</span>
                </span>
              </th>
            ))}
            <th scope="col" className="text-right text-xs font-medium text-ink-3">
              {t(compareText.difference)}
            </th>
          </tr>
        </thead>
        <tbody>
          <Line name={t(runsText.status)} cells={both.map((run) => <RunStatusBadge key="" status={run.status} />)} />
          <Line name={t(compareText.origin)} cells={both.map(origin)} />
          <Line name={t(runsText.duration)} cells={durations.map((ms) => (ms === null ? '–' : f.duration(ms)))} difference={msA == null || msB == null ? null : signed(msA, msB, f.duration, f)} />
          <Line name={t(runsText.rowsWritten)} cells={rows.map((count) => f.number(count))} difference={signed(rows[0] ?? 0, rows[1] ?? 0, (value) => f.number(value), f)} />
          <Line name={t(compareText.eventsCount)} cells={events.map((count) => f.number(count))} difference={signed(events[0] ?? 0, events[1] ?? 0, (value) => f.number(value), f)} />
          {eventful ? <Line name={t(compareText.onTheWay)} cells={[told(a), told(b)]} /> : null}
          <tr>
            <th scope="row" className="font-normal text-ink-3">
              {t(compareText.changes)}
            </th>
            <td colSpan={3}>
              <ChangeList left={left} right={right} names={names} specs={specs} />
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Line({ name, cells, difference = null }: { readonly name: string; readonly cells: readonly ReactNode[]; readonly difference?: string | null }) {
  return (
    <tr>
      <th scope="row" className="font-normal text-ink-3">
        {name}
      </th>
      {cells.map((cell, index) => (
        <td key={index}>{cell}</td>
      ))}
      <td className="text-right text-ink-2">{difference}</td>
    </tr>
  );
}
