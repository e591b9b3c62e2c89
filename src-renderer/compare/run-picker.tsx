import { useQuery } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import type { RunRow } from '#shared/contract/runs';
import type { Run } from '#shared/run/run';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { keys } from '../app/queries.ts';
import { href } from '../app/router.ts';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { runsText, triggerText } from '../runs/text.ts';
import { useDebounced } from '../runs/use-now.ts';
import { RunStatusBadge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SearchInput } from '../ui/input.tsx';
import { Segments } from '../ui/tabs.tsx';
import { Crumbs } from './crumbs.tsx';
import { SideMark } from './side.tsx';
import { compareText } from './text.ts';

const SHOWN = 200;

/** Chooses the run that another one is held against: the newest of the same workflow first. */
export function RunPicker({ left }: { readonly left: Run }) {
  const { t, f } = useText();
  const [which, setWhich] = useState<'same' | 'any'>('same');
  const [search, setSearch] = useState('');
  const wanted = useDebounced(search.trim(), 200);
  const filter = { ...(which === 'same' ? { workflowId: left.workflowId } : {}), ...(wanted === '' ? {} : { search: wanted }) };
  const found = useQuery({ queryKey: [...keys.runs, 'to-compare', filter], queryFn: () => client.runs.list({ filter, limit: SHOWN }), placeholderData: (before) => before });
  const rows = (found.data?.rows ?? []).filter((row) => row.id !== left.id);
  return (
    <PlaceFrame
      title={<Crumbs title={t(compareText.chooseTitle)} />}
      toolbar={
        <>
          <Segments
            label={t(compareText.which)}
            value={which}
            onValue={setWhich}
            options={[
              { value: 'same', label: t(compareText.sameWorkflow) },
              { value: 'any', label: t(compareText.anyWorkflow) },
            ]}
          />
          <SearchInput value={search} onValue={setSearch} label={t(runsText.search)} clearLabel={t(common.clear)} className="w-60" />
          <p className="ml-auto flex items-center gap-2 text-sm text-ink-2">
            <SideMark side="A" />
            {t(compareText.chooseHelp, left.workflowName, f.dateTime(left.requestedAt))}
          </p>
        </>
      }
    >
      {found.error !== null ? (
        <Failure title={t(common.somethingFailed)} thrown={found.error} />
      ) : found.data !== undefined && rows.length === 0 ? (
        <EmptyState icon={<GitCompareArrows />} title={t(compareText.noOther)}>
          {t(compareText.noOtherHelp)}
        </EmptyState>
      ) : (
        <ul aria-label={t(compareText.chooseTitle)} className="min-h-0 flex-1 overflow-auto">
          {rows.map((row) => (
            <li key={row.id}>
              <Choice row={row} left={left} />
            </li>
          ))}
        </ul>
      )}
    </PlaceFrame>
  );
}

function Choice({ row, left }: { readonly row: RunRow; readonly left: Run }) {
  const { t, f, pick } = useText();
  const trigger = row.trigger in triggerText ? pick(triggerText[row.trigger as keyof typeof triggerText]) : row.trigger;
  return (
    <a
      href={href({ place: 'compare', left: left.id, right: row.id })}
      className="grid h-9 grid-cols-[150px_minmax(140px,1fr)_110px_150px_90px_minmax(100px,1fr)] items-center gap-3 border-b border-line px-5 hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span>
        <RunStatusBadge status={row.status} />
      </span>
      <span className="truncate font-medium">{row.workflowName}</span>
      <span className="truncate text-ink-2">{trigger}</span>
      <span className="truncate text-ink-2">{f.dateTime(row.requestedAt)}</span>
      <span className="text-right">{row.durationMs === null ? '–' : f.duration(row.durationMs)}</span>
      <span className="truncate text-xs text-ink-2">{left.origin?.run === row.id ? t(compareText.continued) : row.error === null ? '' : <span className="text-failed">{row.error}</span>}</span>
    </a>
  );
}
