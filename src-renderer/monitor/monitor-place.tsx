import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { RunStatus } from '#shared/run/run';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { keys, queryClient, useInfo } from '../app/queries.ts';
import { href } from '../app/router.ts';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { RunStatusBadge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { EVERY_MS, remember, successRate } from './history.ts';
import type { Reading } from './history.ts';
import { LineChart, byteSteps, wholeSteps } from './line-chart.tsx';
import { monitorText } from './text.ts';

const none: readonly Reading[] = [];
/** Runs that have not ended: at work or standing still, and those behind them in the queue. */
const BEGUN: RunStatus[] = ['running', 'paused', 'interrupted'];
const MOST = 20;

/** The first runs that have not ended: those that have begun before those that wait. */
async function listOpen() {
  const [begun, waiting] = await Promise.all([client.runs.list({ filter: { status: BEGUN }, limit: MOST }), client.runs.list({ filter: { status: ['queued'] }, limit: MOST })]);
  const rows = [...begun.rows, ...waiting.rows].slice(0, MOST);
  return { rows, counts: begun.counts, more: begun.total + waiting.total - rows.length };
}

/** One more reading behind the ones there are. */
async function takeReading(): Promise<readonly Reading[]> {
  const stats = await client.runs.stats();
  return remember(queryClient.getQueryData<readonly Reading[]>(keys.stats) ?? none, { at: Date.now(), stats });
}

/** What the studio is doing now, and how the last day went. */
export function MonitorPlace() {
  const { t, f } = useText();
  const info = useInfo();
  const stats = useQuery({ queryKey: keys.stats, queryFn: takeReading, refetchInterval: EVERY_MS, staleTime: 0 });
  const active = useQuery({ queryKey: [...keys.runs, 'going'], queryFn: listOpen, refetchInterval: EVERY_MS });
  const now = useNow(1000);
  const readings = stats.data ?? none;
  const data = readings.at(-1)?.stats;
  const times = useMemo(() => readings.map((one) => one.at / 1000), [readings]);
  const running = useMemo(() => readings.map((one) => one.stats.running), [readings]);
  const memory = useMemo(() => readings.map((one) => one.stats.memoryBytes), [readings]);
  const time = useMemo(() => (at: number) => f.time(at), [f]);
  const number = useMemo(() => (value: number) => f.number(value), [f]);
  const { bytes } = f;
  if (data === undefined && stats.error !== null) {
    return (
      <PlaceFrame title={t(monitorText.title)}>
        <Failure title={t(monitorText.failed)} thrown={stats.error}>
          <Button variant="primary" onClick={() => void stats.refetch()}>
            {t(common.retry)}
          </Button>
        </Failure>
      </PlaceFrame>
    );
  }
  const counts = active.data?.counts;
  const standing = [counts?.paused ? t(monitorText.paused, counts.paused) : null, counts?.interrupted ? t(monitorText.interrupted, counts.interrupted) : null].filter((one) => one !== null);
  const rate = data === undefined ? null : successRate(data);
  return (
    <PlaceFrame title={t(monitorText.title)}>
      <div className="min-h-0 flex-1 overflow-auto">
        <dl className="grid grid-cols-3 gap-px border-b border-line bg-line xl:grid-cols-6">
          <Figure name={t(monitorText.running)} value={data === undefined ? '–' : f.number(data.running)} note={data === undefined ? '' : [t(monitorText.queued, data.queued), ...standing].join(' · ')} />
          <Figure name={t(monitorText.success)} value={rate === null ? '–' : f.percent(rate, 1)} note={data === undefined ? '' : rate === null ? t(monitorText.none) : t(monitorText.outcomes, data.completed, data.failed)} />
          <Figure name={t(monitorText.duration)} value={data?.p50Ms == null ? '–' : f.duration(data.p50Ms)} note={data?.p95Ms == null ? '' : t(monitorText.p95, f.duration(data.p95Ms))} />
          <Figure name={t(monitorText.memory)} value={data === undefined ? '–' : f.bytes(data.memoryBytes)} note={info.data === undefined ? '' : t(monitorText.ofMachine, f.bytes(info.data.machineMemoryMb * 1024 * 1024))} />
          <Figure name={t(monitorText.journal)} value={data === undefined ? '–' : f.bytes(data.journalBytes)} note={data === undefined ? '' : t(monitorText.events, data.events)} />
          <Figure name={t(monitorText.disk)} value={data === undefined ? '–' : f.bytes(data.diskFreeBytes)} note={t(monitorText.diskWhere)} />
        </dl>
        <div className="grid grid-cols-2 border-b border-line">
          <Panel title={t(monitorText.chartRuns)} note={t(monitorText.lastMinutes)}>
            <LineChart label={t(monitorText.chartRuns)} times={times} values={running} format={number} formatTime={time} colour="--running" steps={wholeSteps} />
          </Panel>
          <div className="border-l border-line">
            <Panel title={t(monitorText.chartMemory)} note={t(monitorText.lastMinutes)}>
              <LineChart label={t(monitorText.chartMemory)} times={times} values={memory} format={bytes} formatTime={time} colour="--flow" steps={byteSteps} />
            </Panel>
          </div>
        </div>
        <Panel title={t(monitorText.active)}>
          {active.data === undefined || active.data.rows.length === 0 ? (
            <p className="py-2 text-sm text-ink-3">{t(monitorText.noneActive)}</p>
          ) : (
            <ul>
              {active.data.rows.map((row) => (
                <li key={row.id} className="relative grid h-9 grid-cols-[160px_1fr_auto] items-center gap-4 border-b border-line last:border-0 hover:bg-hover">
                  <span>
                    <RunStatusBadge status={row.status} />
                  </span>
                  <a href={href({ place: 'run', runId: row.id })} className="truncate font-medium after:absolute after:inset-0">
                    {row.workflowName}
                  </a>
                  <span className="text-ink-2">{row.startedAt === null || row.status !== 'running' ? '' : f.duration(Math.max(0, Math.floor((now - row.startedAt) / 1000) * 1000))}</span>
                </li>
              ))}
              {active.data.more === 0 ? null : (
                <li className="flex h-9 items-center">
                  <a href={href({ place: 'runs' })} className="rounded-sm text-accent-text">
                    {t(monitorText.more, active.data.more)}
                  </a>
                </li>
              )}
            </ul>
          )}
        </Panel>
      </div>
    </PlaceFrame>
  );
}

function Figure({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div className="min-w-0 bg-surface px-5 py-4">
      <dt className="truncate text-xs text-ink-3">{name}</dt>
      <dd className="mt-1 truncate text-xl font-semibold tracking-tight">{value}</dd>
      <dd className="truncate text-xs text-ink-2">{note}</dd>
    </div>
  );
}

function Panel({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  return (
    <section className="min-w-0 px-5 py-4">
      <header className="mb-2 flex items-baseline justify-between gap-3">
        <h2 className="text-sm font-medium">{title}</h2>
        {note === undefined ? null : <span className="truncate text-xs text-ink-3">{note}</span>}
      </header>
      {children}
    </section>
  );
}
