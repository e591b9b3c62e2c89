import { FolderOpen, History, SearchX } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunFilter } from '#shared/contract/runs';
import type { Text } from '#shared/node-spec';
import { RUN_STATUSES } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { queryClient, keys, useLibrary } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { useCommands } from '../commands/registry.ts';
import { common, runStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { StatusDot } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input, SearchInput } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { ChosenRuns } from './chosen-runs.tsx';
import { chooseRunFile } from './run-actions.ts';
import { chooseRun, clearFilters, setListState, useListState } from './list-state.ts';
import { RunsTable } from './runs-table.tsx';
import { runsText, triggerText } from './text.ts';
import { RANGES, boundsOf } from './time-range.ts';
import type { Days, Range } from './time-range.ts';
import { useDebounced, useNow } from './use-now.ts';
import { words } from './words.ts';

const ANY = 'any';
const rangeText: Readonly<Record<Range, Text>> = { any: runsText.anyTime, hour: runsText.lastHour, day: runsText.lastDay, week: runsText.lastWeek, month: runsText.lastMonth, between: words.between };

function clear(): void {
  clearFilters();
  go({ place: 'runs' });
}

/** Every run there was, found by status, workflow, trigger, time and words. */
export function RunsPlace({ workflowId }: { readonly workflowId?: string | undefined }) {
  const { t, f, pick } = useText();
  const now = useNow(1000);
  const library = useLibrary();
  const { statuses, trigger, range, days, search, chosen } = useListState();
  const wanted = useDebounced(search.trim(), 200);
  const [head, setHead] = useState<{ total: number | undefined; counts: Partial<Readonly<Record<RunStatus, number>>>; error: Error | null }>({ total: undefined, counts: {}, error: null });
  const onHead = useCallback((total: number | undefined, counts: typeof head.counts, error: Error | null) => setHead({ total, counts, error }), []);
  const chosenIds = useMemo(() => new Set<string>(chosen.map((row) => row.id)), [chosen]);
  useCommands({
    'runs.openFile': { run: chooseRunFile },
    'runs.compare': {
      run: () => {
        const [left, right] = chosen.toSorted((a, b) => a.requestedAt - b.requestedAt);
        if (left !== undefined) go({ place: 'compare', left: left.id, ...(right === undefined ? {} : { right: right.id }) });
      },
      enabled: chosen.length > 0,
    },
  });
  const { from, to } = boundsOf(range, days, now);
  const filter = useMemo(
    (): RunFilter => ({
      ...(statuses.length === 0 ? {} : { status: [...statuses] }),
      ...(workflowId === undefined ? {} : { workflowId }),
      ...(trigger === null ? {} : { trigger }),
      ...(wanted === '' ? {} : { search: wanted }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }),
    [statuses, workflowId, trigger, wanted, from, to],
  );
  const filtered = Object.keys(filter).length > 0;
  useEffect(() => void queryClient.invalidateQueries({ queryKey: keys.library }), []);
  const workflows = [{ value: ANY, label: t(runsText.allWorkflows) }, ...(library.data ?? []).filter((one) => one.problem === null).map((one) => ({ value: one.id as string, label: one.name }))];
  if (workflowId !== undefined && !workflows.some((one) => one.value === workflowId)) workflows.push({ value: workflowId, label: workflowId });
  return (
    <PlaceFrame
      title={t(runsText.title)}
      aside={head.total === undefined ? null : <span className="text-sm text-ink-3">{t(runsText.total, head.total)}</span>}
      actions={
        <>
          {chosen.length === 0 && (head.total ?? 0) > 1 ? <span className="text-xs text-ink-3">{t(words.selectHint)}</span> : null}
          <Button icon={<FolderOpen />} onClick={chooseRunFile}>
            {t(words.openFile)}
          </Button>
        </>
      }
      toolbar={
        <>
          <SearchInput value={search} onValue={(next) => setListState({ search: next })} label={t(runsText.search)} clearLabel={t(common.clear)} className="w-60" />
          <Select value={workflowId ?? ANY} onValue={(id) => go(id === ANY ? { place: 'runs' } : { place: 'runs', workflowId: id })} label={t(runsText.workflow)} className="max-w-56" options={workflows} />
          <Select value={trigger ?? ANY} onValue={(next) => setListState({ trigger: next === ANY ? null : next })} label={t(runsText.trigger)} className="" options={[{ value: ANY, label: t(runsText.allTriggers) }, ...(['manual', 'schedule', 'cli', 'api'] as const).map((kind) => ({ value: kind, label: pick(triggerText[kind]) }))]} />
          <Select value={range} onValue={(next) => setListState({ range: next })} label={t(runsText.time)} className="" options={RANGES.map((one) => ({ value: one, label: t(rangeText[one]) }))} />
          {range === 'between' ? <DayFields days={days} onDays={(next) => setListState({ days: next })} /> : null}
          <div role="group" aria-label={t(runsText.status)} className="ml-auto flex gap-1">
            {RUN_STATUSES.filter((status) => (head.counts[status] ?? 0) > 0 || statuses.includes(status)).map((status) => (
              <button
                key={status}
                type="button"
                aria-pressed={statuses.includes(status)}
                onClick={() => setListState({ statuses: statuses.includes(status) ? statuses.filter((one) => one !== status) : [...statuses, status] })}
                className="inline-flex h-7 items-center gap-1.5 rounded-md border border-transparent px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-active aria-pressed:text-ink"
              >
                <StatusDot status={status} />
                {t(runStatusText[status])}
                <span className="text-ink-3">{f.number(head.counts[status] ?? 0)}</span>
              </button>
            ))}
          </div>
        </>
      }
    >
      {head.error === null || head.total !== undefined ? null : (
        <Failure title={t(common.somethingFailed)} thrown={head.error}>
          <Button variant="primary" onClick={() => void queryClient.invalidateQueries({ queryKey: keys.runs })}>
            {t(common.retry)}
          </Button>
        </Failure>
      )}
      {head.total === 0 ? filtered ? <EmptyState icon={<SearchX />} title={t(runsText.noneMatch)} actions={<Button onClick={clear}>{t(runsText.clearFilters)}</Button>} /> : <NothingYet /> : null}
      <div className={head.total === 0 || (head.error !== null && head.total === undefined) ? 'hidden' : 'flex min-h-0 flex-1'}>
        <RunsTable filter={filter} now={now} chosen={chosenIds} onChoose={(row) => setListState({ chosen: chooseRun(chosen, row) })} onHead={onHead} />
      </div>
      <ChosenRuns chosen={chosen} onChosen={(next) => setListState({ chosen: next })} />
    </PlaceFrame>
  );
}

function DayFields({ days, onDays }: { readonly days: Days; readonly onDays: (days: Days) => void }) {
  const { t } = useText();
  return (
    <span className="flex items-center gap-1.5 text-ink-3">
      <Input type="date" aria-label={t(words.fromDay)} value={days.from} max={days.to} onChange={(event) => onDays({ ...days, from: event.target.value })} className="w-34" />
      –
      <Input type="date" aria-label={t(words.toDay)} value={days.to} min={days.from} onChange={(event) => onDays({ ...days, to: event.target.value })} className="w-34" />
    </span>
  );
}

function NothingYet() {
  const { t } = useText();
  return (
    <EmptyState
      icon={<History />}
      title={t(runsText.noneYet)}
      actions={
        <Button variant="primary" onClick={() => go({ place: 'library' })}>
          {t(runsText.openLibrary)}
        </Button>
      }
    >
      {t(runsText.noneYetHelp)}
    </EmptyState>
  );
}
