import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { RowDifference } from '#shared/contract/runs';
import type { Sample } from '#shared/data';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { keys, useNodeSpecs } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { useText } from '../i18n/use-text.ts';
import { DataTable } from '../runs/data-table.tsx';
import { outletsOf } from '../runs/node-outlets.ts';
import type { Outlet } from '../runs/node-outlets.ts';
import { workflowOf } from '../runs/run-workflow.ts';
import type { NodeName } from '../runs/run-workflow.ts';
import { runsText } from '../runs/text.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Segments } from '../ui/tabs.tsx';
import { Spinner } from '../ui/spinner.tsx';
import type { Side } from './pairs.ts';
import { SideMark } from './side.tsx';
import { compareText } from './text.ts';

interface CompareRowsProps {
  readonly left: Run;
  readonly right: Run;
  readonly node: string | null;
  readonly names: ReadonlyMap<string, NodeName>;
}

/** The rows of one node that two runs do not share. */
export function CompareRows({ left, right, node, names }: CompareRowsProps) {
  const { t, pick } = useText();
  const specs = useNodeSpecs();
  const workflow = workflowOf(right.nodes[node ?? ''] === undefined ? left : right);
  const outlets = useMemo(() => (workflow === null || node === null ? [] : outletsOf(workflow, node, specs.data)), [workflow, node, specs.data]);
  const [chosen, setChosen] = useState<string | null>(null);
  const outlet = outlets.find((one) => keyOf(one) === chosen) ?? outlets[0];
  if (node === null) {
    return (
      <EmptyState icon={<Table2 />} title={t(compareText.pickNode)}>
        {t(compareText.pickNodeHelp)}
      </EmptyState>
    );
  }
  if (outlet === undefined) return <EmptyState icon={<Table2 />} title={t(compareText.noOutput)} />;
  const labelOf = (one: Outlet): string =>
    one.direction === 'in' ? `${t(runsText.input)} · ${names.get(one.node)?.label ?? one.node}` : outlets.filter((other) => other.direction === 'out').length === 1 ? t(runsText.output) : `${t(runsText.output)} · ${one.label === null ? one.port : pick(one.label)}`;
  const chooser =
    outlets.length < 2 ? null : <Segments label={t(runsText.outputPort)} value={keyOf(outlet)} onValue={setChosen} options={outlets.map((one) => ({ value: keyOf(one), label: labelOf(one) }))} />;
  return <Difference key={keyOf(outlet)} left={left} right={right} outlet={outlet} name={names.get(node)?.label ?? node} chooser={chooser} />;
}

const keyOf = (outlet: Outlet): string => `${outlet.direction} ${outlet.node} ${outlet.port}`;

interface DifferenceProps {
  readonly left: Run;
  readonly right: Run;
  readonly outlet: Outlet;
  readonly name: string;
  readonly chooser: ReactNode;
}

function Difference({ left, right, outlet, name, chooser }: DifferenceProps) {
  const { t } = useText();
  const ended = isTerminal(left.status) && isTerminal(right.status);
  const found = useQuery({
    queryKey: [...keys.run(left.id), 'difference', right.id, outlet.node, outlet.port],
    queryFn: () => client.runs.difference({ left: left.id, right: right.id, node: outlet.node, port: outlet.port }),
    staleTime: ended ? Number.POSITIVE_INFINITY : 0,
  });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1 text-sm">
        <span className="font-medium">{name}</span>
        {chooser}
        {found.data === undefined ? null : <Verdict difference={found.data} />}
      </div>
      {found.error !== null ? (
        <EmptyState icon={<Table2 />} title={t(compareText.noRows)}>
          <span className="selectable">{errorSentence(toErrorInfo(found.error))}</span>
        </EmptyState>
      ) : found.data === undefined ? (
        <div role="status" className="flex flex-1 items-center justify-center gap-2 text-sm text-ink-2">
          <Spinner /> {t(compareText.comparing)}
        </div>
      ) : (
        <Rows difference={found.data} />
      )}
    </div>
  );
}

/** The counts, over which rows, and where the columns are not the same. */
function Verdict({ difference }: { readonly difference: RowDifference }) {
  const { t } = useText();
  const columns = difference.columns.filter((column) => column.left !== column.right);
  return (
    <>
      <span className="text-completed">{t(compareText.sameRows, difference.same)}</span>
      <span className={difference.onlyLeft > 0 ? 'font-medium' : 'text-ink-3'}>{t(compareText.onlyRows, 'A', difference.onlyLeft)}</span>
      <span className={difference.onlyRight > 0 ? 'font-medium' : 'text-ink-3'}>{t(compareText.onlyRows, 'B', difference.onlyRight)}</span>
      <span className="min-w-0 flex-1 basis-60 text-xs text-ink-3">{t(difference.basis === 'outputs' ? compareText.wholeOutputs : compareText.samplesOnly)}</span>
      {columns.length === 0 ? null : (
        <span className="w-full pb-0.5 text-xs text-interrupted">
          {t(compareText.columnsDiffer)}:{' '}
          {columns
            .map(({ name, left, right }) => (left === null ? t(compareText.columnOnly, name, 'B') : right === null ? t(compareText.columnOnly, name, 'A') : `${name} ${left} → ${right}`))
            .join(' · ')}
        </span>
      )}
    </>
  );
}

function Rows({ difference }: { readonly difference: RowDifference }) {
  const { t } = useText();
  if (difference.onlyLeft === 0 && difference.onlyRight === 0) return <EmptyState icon={<CircleCheck />} title={t(difference.basis === 'outputs' ? compareText.allSame : compareText.samplesSame)} />;
  return (
    <div className="grid min-h-0 flex-1 grid-cols-2 divide-x divide-line">
      <OneSide side="A" sample={difference.left} rows={difference.onlyLeft} />
      <OneSide side="B" sample={difference.right} rows={difference.onlyRight} />
    </div>
  );
}

function OneSide({ side, sample, rows }: { readonly side: Side; readonly sample: Sample; readonly rows: number }) {
  const { t } = useText();
  return (
    <section aria-label={t(compareText.onlyRows, side, rows)} className="flex min-h-0 min-w-0 flex-col">
      <h3 className="flex h-8 shrink-0 items-center gap-2 px-3 text-xs text-ink-2">
        <SideMark side={side} />
        {rows === 0 ? t(compareText.noneHere) : t(compareText.firstOnly, side, sample.rows.length, rows)}
      </h3>
      {rows === 0 ? null : <DataTable sample={sample} />}
    </section>
  );
}
