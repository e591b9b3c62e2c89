import { useMemo } from 'react';
import type { NodeRun, Run } from '#shared/run/run';
import { nodeStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { workflowOf } from '../runs/run-workflow.ts';
import type { NodeName } from '../runs/run-workflow.ts';
import { runsText } from '../runs/text.ts';
import { words } from '../runs/words.ts';
import { StatusDot } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { kindStyles } from '../ui/state-style.ts';
import { signed } from './difference.ts';
import { nodePairs } from './pairs.ts';
import type { NodePair } from './pairs.ts';
import { compareText } from './text.ts';

const grid = 'grid min-w-225 grid-cols-[minmax(150px,1.1fr)_minmax(180px,1.1fr)_minmax(110px,0.7fr)_minmax(110px,0.7fr)_minmax(180px,1.2fr)_130px] items-center gap-4 px-5';

interface CompareNodesProps {
  readonly left: Run;
  readonly right: Run;
  readonly names: ReadonlyMap<string, NodeName>;
  readonly selected: string | null;
  readonly onSelect: (node: string) => void;
}

/** Every node of two runs: state, rows, durations and by how much they differ. Choosing one compares its rows. */
export function CompareNodes({ left, right, names, selected, onSelect }: CompareNodesProps) {
  const { t } = useText();
  const pairs = nodePairs(left, right);
  const ports = useMemo(() => usedPorts([left, right]), [left, right]);
  const longest = Math.max(1, ...pairs.flatMap((pair) => [pair.left?.durationMs ?? 0, pair.right?.durationMs ?? 0]));
  return (
    <div role="table" aria-label={t(compareText.nodes)}>
      <div role="row" className={cx(grid, 'sticky top-0 z-10 h-8 border-b border-line bg-surface text-xs font-medium text-ink-3')}>
        <div role="columnheader">{t(runsText.node)}</div>
        <div role="columnheader">{t(runsText.status)}</div>
        <div role="columnheader" className="text-right">
          {t(runsText.rowsIn)}
        </div>
        <div role="columnheader" className="text-right">
          {t(runsText.rowsOut)}
        </div>
        <div role="columnheader">{t(compareText.durations)}</div>
        <div role="columnheader" className="text-right">
          {t(compareText.difference)}
        </div>
      </div>
      {pairs.map((pair) => (
        <Row key={pair.id} pair={pair} name={names.get(pair.id)} longest={longest} ports={ports.get(pair.id) ?? none} selected={pair.id === selected} onSelect={() => onSelect(pair.id)} />
      ))}
    </div>
  );
}

interface RowProps {
  readonly pair: NodePair;
  readonly name: NodeName | undefined;
  readonly longest: number;
  /** Output ports whose rows go somewhere; none where that is not known. */
  readonly ports: ReadonlySet<string>;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

function Row({ pair: { id, left, right }, name, longest, ports, selected, onSelect }: RowProps) {
  const { t, f } = useText();
  const [before, after] = [left?.durationMs ?? null, right?.durationMs ?? null];
  return (
    <div role="row" className={cx(grid, 'relative h-9 border-b border-line text-sm', selected ? 'bg-accent-soft' : 'hover:bg-hover')}>
      <div role="rowheader" className="flex min-w-0 items-center gap-2">
        <span className={cx('size-2 shrink-0 rounded-[2px]', kindStyles[name?.kind ?? 'transform'].solid)} aria-hidden="true" />
        <button type="button" aria-pressed={selected} onClick={onSelect} className="min-w-0 truncate text-left font-medium after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus">
          {name?.label ?? id}
        </button>
        {left !== null && right !== null ? null : <span className="shrink-0 text-xs text-ink-3">{t(compareText.onlyIn, left === null ? 'B' : 'A')}</span>}
      </div>
      <div role="cell">
        <Statuses left={left} right={right} />
      </div>
      <div role="cell" className="text-right">
        {name?.kind === 'source' ? <Nothing /> : <Counts left={left?.rowsIn ?? null} right={right?.rowsIn ?? null} />}
      </div>
      <div role="cell" className="text-right">
        {name?.kind === 'sink' ? <Nothing /> : <Counts left={left === null ? null : given(left, ports)} right={right === null ? null : given(right, ports)} />}
      </div>
      <div role="cell" className="flex flex-col gap-1">
        <DurationBar ms={before} longest={longest} colour="bg-ink-3" />
        <DurationBar ms={after} longest={longest} colour="bg-accent" />
      </div>
      <div role="cell" className="truncate text-right text-ink-2">
        {before === null || after === null ? '–' : (signed(before, after, f.duration, f) ?? t(compareText.sameTime))}
      </div>
    </div>
  );
}

const none: ReadonlySet<string> = new Set();

/** The ports of each node that something is connected to, in either run. */
function usedPorts(runs: readonly Run[]): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>();
  for (const edge of runs.flatMap((run) => workflowOf(run)?.edges ?? [])) {
    const ports = used.get(edge.source) ?? new Set();
    used.set(edge.source, ports.add(edge.sourcePort ?? ''));
  }
  return used;
}

/** What a node gave to those after it: of a filter, what passed. An edge that names no port means the first. */
function given(node: NodeRun, used: ReadonlySet<string>): number {
  const ports = Object.entries(node.rowsOut);
  const wanted = ports.filter(([port], index) => used.has(port) || (index === 0 && used.has('')));
  return (wanted.length === 0 ? ports : wanted).reduce((sum, [, rows]) => sum + rows, 0);
}

const Nothing = () => <span className="text-ink-3">–</span>;

/** One state where both have the same, else what it was and what it became. */
function Statuses({ left, right }: { readonly left: NodeRun | null; readonly right: NodeRun | null }) {
  const both = [left, right].flatMap((node) => node ?? []);
  const same = both.length === 2 && left?.status === right?.status && (left?.reusedFrom === null) === (right?.reusedFrom === null);
  return (
    <span className="flex min-w-0 items-center gap-1.5 whitespace-nowrap">
      {(same ? both.slice(1) : both).map((node, index) => (
        <span key={index} className="flex items-center gap-1.5">
          {index === 0 ? null : <span className="text-ink-3">→</span>}
          <StatusOf node={node} />
        </span>
      ))}
    </span>
  );
}

function StatusOf({ node }: { readonly node: NodeRun }) {
  const { t } = useText();
  return (
    <>
      <StatusDot status={node.status} className="size-1.5" />
      {t(node.reusedFrom === null ? nodeStatusText[node.status] : words.reused)}
    </>
  );
}

function Counts({ left, right }: { readonly left: number | null; readonly right: number | null }) {
  const { f } = useText();
  if (left === null || right === null || left === right) return <span className="text-ink-2">{f.number(left ?? right ?? 0)}</span>;
  return (
    <span className="font-medium">
      {f.number(left)} <span className="font-normal text-ink-3">→</span> {f.number(right)}
    </span>
  );
}

function DurationBar({ ms, longest, colour }: { readonly ms: number | null; readonly longest: number; readonly colour: string }) {
  const { f } = useText();
  return (
    <span className="flex h-3 items-center gap-2">
      <span className="h-1.5 flex-1">
        <span className={cx('block h-full min-w-0.5 rounded-full', ms === null ? '' : colour)} style={{ width: `${((ms ?? 0) / longest) * 100}%` }} />
      </span>
      <span className="w-16 shrink-0 text-right text-xs leading-3 text-ink-2">{ms === null ? '–' : f.duration(ms)}</span>
    </span>
  );
}
