import { useQuery } from '@tanstack/react-query';
import { Hourglass, Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Run } from '#shared/run/run';
import { Failure } from '../app/error-boundary.tsx';
import { keys, useNodeSpecs } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { StatusDot } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Segments } from '../ui/tabs.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { DataTable } from './data-table.tsx';
import { gaveAgain, hasGiven } from './moment.ts';
import { outletsOf } from './node-outlets.ts';
import type { Outlet } from './node-outlets.ts';
import { profileOf } from './profile.ts';
import { workflowOf } from './run-workflow.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';
import { words } from './words.ts';

interface RunDataProps {
  /** At the moment that is looked at. */
  readonly run: Run;
  readonly latest: Run;
  /** A moment of the past is looked at: only what a node had given by then is shown. */
  readonly past: boolean;
  readonly names: ReadonlyMap<string, NodeName>;
  readonly selected: string | null;
  readonly onSelect: (node: string) => void;
  /** Changes when a sample came in. */
  readonly samples: number;
  /** Will no more samples come? */
  readonly settled: boolean;
}

/** The rows kept of a run: choose a node, see what came in and what went out. */
export function RunData({ run, latest, past, names, selected: chosenNode, onSelect, samples, settled }: RunDataProps) {
  const { t, f, pick } = useText();
  const specs = useNodeSpecs();
  const workflow = workflowOf(run);
  // Something to look at from the start: the first node of the file.
  const selected = chosenNode ?? workflow?.nodes[0]?.id ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const outlets = useMemo(() => (workflow === null || selected === null ? [] : outletsOf(workflow, selected, specs.data)), [workflow, selected, specs.data]);
  const outlet = outlets.find((one) => keyOf(one) === chosen) ?? outlets[0];
  const labelOf = (one: Outlet): string => {
    const alone = outlets.filter((other) => other.direction === one.direction).length === 1;
    const word = t(one.direction === 'in' ? runsText.input : runsText.output);
    return alone ? word : `${word} · ${one.direction === 'in' ? (names.get(one.node)?.label ?? one.node) : one.label === null ? one.port : pick(one.label)}`;
  };
  const chooser = outlet === undefined ? null : outlets.length < 2 ? <span className="text-sm text-ink-2">{labelOf(outlet)}</span> : <Segments label={t(runsText.outputPort)} value={keyOf(outlet)} onValue={setChosen} options={outlets.map((one) => ({ value: keyOf(one), label: labelOf(one) }))} />;
  return (
    <div className="flex min-h-0 flex-1">
      <ul className="w-60 shrink-0 overflow-y-auto border-r border-line py-1" aria-label={t(runsText.node)}>
        {Object.values(run.nodes).map((node) => (
          <li key={node.id}>
            <button
              type="button"
              aria-current={node.id === selected}
              onClick={() => onSelect(node.id)}
              className={cx('flex h-7 w-full items-center gap-2 px-3 text-left text-sm focus-visible:-outline-offset-2', node.id === selected ? 'bg-accent-soft' : 'hover:bg-hover')}
            >
              <StatusDot status={node.status} />
              <span className="min-w-0 flex-1 truncate">{names.get(node.id)?.label ?? node.id}</span>
              <span className="text-xs text-ink-3">{f.number(Object.values(node.rowsOut)[0] ?? node.rowsIn)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {selected === null || outlet === undefined ? (
          <EmptyState icon={<Table2 />} title={t(selected === null ? runsText.pickNode : runsText.noSample)} />
        ) : past && !hasGiven(run.nodes[outlet.node]) ? (
          <>
            {chooser === null ? null : <div className="flex h-9 shrink-0 items-center border-b border-line px-3">{chooser}</div>}
            <EmptyState icon={<Hourglass />} title={t(words.notYet)}>
              {t(words.notYetHelp, names.get(outlet.node)?.label ?? outlet.node)}
            </EmptyState>
          </>
        ) : (
          <SampleView
            key={keyOf(outlet)}
            runId={run.id}
            outlet={outlet}
            samples={samples}
            settled={settled}
            later={past && gaveAgain(run, latest, outlet.node)}
            chooser={chooser}
          />
        )}
      </div>
    </div>
  );
}

const keyOf = (outlet: Outlet): string => `${outlet.direction} ${outlet.node} ${outlet.port}`;

interface SampleViewProps {
  readonly runId: string;
  readonly outlet: Outlet;
  readonly samples: number;
  readonly settled: boolean;
  /** These rows came after the moment that is looked at. */
  readonly later: boolean;
  readonly chooser: React.ReactNode;
}

function SampleView({ runId, outlet, samples, settled, later, chooser }: SampleViewProps) {
  const { t } = useText();
  const found = useQuery({
    queryKey: [...keys.run(runId), 'sample', outlet.node, outlet.port, samples],
    queryFn: () => client.runs.sample({ runId, node: outlet.node, port: outlet.port }),
    placeholderData: (before) => before,
  });
  const profile = useMemo(() => (found.data === undefined || found.data === null ? undefined : profileOf(found.data)), [found.data]);
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line px-3 text-xs text-ink-3">
        {chooser}
        {found.data === undefined || found.data === null ? null : (
          <span>
            {t(runsText.sampleOf, found.data.rows.length, found.data.partial)} · {t(runsText.columns, found.data.columns.length)}
            {later ? ` · ${t(words.laterRows)}` : ''}
          </span>
        )}
      </div>
      {found.error !== null ? (
        <Failure title={t(common.somethingFailed)} thrown={found.error} />
      ) : found.data === undefined ? (
        <div className="grid flex-1 place-items-center text-ink-3">
          <Spinner />
        </div>
      ) : found.data === null ? (
        <EmptyState icon={<Table2 />} title={t(settled ? runsText.noSample : runsText.sampleLater)}>
          {settled ? t(runsText.noSampleHelp) : undefined}
        </EmptyState>
      ) : (
        <DataTable sample={found.data} profile={profile} />
      )}
    </>
  );
}
