import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { AlertTriangle, Ban, Check, CircleAlert, CircleDashed, Clock, CornerRightDown, Recycle, SkipForward, Unplug } from 'lucide-react';
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { Port, Text } from '#shared/node-spec';
import type { NodeStatus } from '#shared/run/run';
import { problemText } from '#shared/workflow/problems';
import type { ProblemCode } from '#shared/workflow/problems';
import { nodeStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { skipText } from '../runs/text.ts';
import { useNow } from '../runs/use-now.ts';
import { ERROR_PORT, specOf } from '../stores/edit/ports.ts';
import type { NodeLive } from '../stores/live.ts';
import { cx, kindStyles, Spinner } from '../ui/index.ts';
import { CardMarks } from './card-marks.tsx';
import { nodeName } from './flow-elements.ts';
import type { StepNode } from './flow-elements.ts';
import { HANDLE, HEAD_HEIGHT, portY } from './geometry.ts';
import { useGraph, useNodeLive, useNodeProblems } from './graph-context.ts';
import { NodeIcon } from './node-icon.tsx';
import { words } from './words.ts';

const statusIcons: Readonly<Record<NodeStatus, ReactNode>> = {
  pending: <Clock className="size-3.5 text-queued" />,
  running: <Spinner className="size-3.5 text-running" />,
  retrying: <Clock className="size-3.5 text-interrupted" />,
  completed: <Check className="size-3.5 text-completed" strokeWidth={2.5} />,
  failed: <CircleAlert className="size-3.5 text-failed" />,
  skipped: <SkipForward className="size-3.5 text-skipped" />,
  lost: <Unplug className="size-3.5 text-interrupted" />,
};
const frames: Readonly<Record<NodeStatus, string>> = {
  pending: 'border-line-strong',
  running: 'border-running',
  retrying: 'border-interrupted',
  completed: 'border-line-strong',
  failed: 'border-failed',
  skipped: 'border-line-strong border-dashed opacity-60',
  lost: 'border-interrupted',
};

/** Problems of a node that is still being set up. */
const UNFINISHED: ReadonlySet<string> = new Set(['config_missing', 'unreachable', 'unused', 'errors_unread'] satisfies ProblemCode[]);

function PortHandles({ ports, side, live }: { readonly ports: readonly Port[]; readonly side: 'in' | 'out'; readonly live: NodeLive | null }) {
  const { pick, t } = useText();
  const { readOnly } = useGraph();
  return ports.map((port, index) => {
    const y = portY(ports, index);
    const rows = side === 'out' && live !== null && live.status !== 'pending' ? live.ports[port.name] : undefined;
    const count = rows === 0 && live?.status === 'running' ? undefined : rows;
    return (
      <div key={port.name}>
        <Handle
          id={port.name}
          type={side === 'in' ? 'target' : 'source'}
          position={side === 'in' ? Position.Left : Position.Right}
          isConnectable={!readOnly}
          title={pick(port.label)}
          className={port.name === ERROR_PORT ? 'mr-handle mr-handle-error' : 'mr-handle'}
          style={{ top: y - HANDLE / 2, [side === 'in' ? 'left' : 'right']: -HANDLE / 2 }}
        />
        {ports.length > 1 ? (
          <span className={cx('pointer-events-none absolute flex max-w-[48%] items-center gap-1.5 text-2xs text-ink-3', side === 'in' ? 'left-2.5' : 'right-2.5')} style={{ top: y - 7 }}>
            {count === undefined ? null : <span className="font-medium text-ink-2">{t(words.rowsShort, count, live?.estimated ?? false)}</span>}
            <span className={cx('truncate', port.name === ERROR_PORT && 'text-failed')}>{pick(port.label)}</span>
          </span>
        ) : null}
      </div>
    );
  });
}

/** A sink tells what it took; everything else what its first output gave: of a filter, what passes. */
function rowsOf(live: NodeLive, outputs: readonly Port[]): number {
  const first = outputs.find((port) => port.name !== ERROR_PORT);
  return first === undefined ? live.rowsIn : (live.ports[first.name] ?? live.rowsOut);
}

/** How long it is until a node is tried again; a moment that has passed is not counted. */
function Countdown({ attempt, at }: { readonly attempt: number; readonly at: number | null }) {
  const { t } = useText();
  const now = useNow(250);
  return t(words.triesAgain, attempt, at === null ? 0 : Math.max(0, Math.ceil((at - now) / 1000)));
}

function LiveLine({ live, outputs }: { readonly live: NodeLive; readonly outputs: readonly Port[] }) {
  const { t, f } = useText();
  if (live.stopped) return t(words.stopped);
  if (live.status === 'pending' || live.status === 'skipped') return t(nodeStatusText[live.status]);
  if (live.status === 'failed') return <span className={live.diverted ? 'text-interrupted' : 'text-failed'}>{live.error ?? t(nodeStatusText.failed)}</span>;
  if (live.status === 'retrying') return <Countdown attempt={live.attempt} at={live.retryAt} />;
  if (live.status === 'lost') return t(words.lost);
  const rows = rowsOf(live, outputs);
  // An estimate of nothing is no estimate.
  if (live.status === 'running' && rows === 0 && live.rowsIn === 0) return live.attempt > 1 ? t(words.tryNumber, live.attempt) : t(nodeStatusText.running);
  const tail = live.reused ? t(words.reused) : live.status === 'running' ? (live.rate === null || live.rate === 0 ? null : t(words.rate, live.rate)) : live.durationMs === null ? null : f.duration(live.durationMs);
  return (
    <>
      <span className="font-medium text-ink-2">{rows === 0 && live.status === 'running' ? t(words.rowsTaken, live.rowsIn, live.estimated) : t(words.rowsApprox, rows, live.estimated)}</span>
      {tail === null ? null : <span> · {tail}</span>}
    </>
  );
}

/** What a node's state is called on its card, and its sign. */
function stateSign(live: NodeLive): { readonly icon: ReactNode; readonly said: Text } {
  if (live.stopped) return { icon: statusIcons.skipped, said: words.stopped };
  if (live.reused) return { icon: <Recycle className="size-3.5 text-completed" />, said: words.reusedHelp };
  if (live.diverted) return { icon: <CornerRightDown className="size-3.5 text-interrupted" />, said: words.divertedHelp };
  if (live.status === 'skipped' && live.skipped !== null) return { icon: statusIcons.skipped, said: skipText[live.skipped] };
  return { icon: statusIcons[live.status], said: nodeStatusText[live.status] };
}

/** How far the node is, along the card's foot: a share where it is known, a shimmer where it is not. */
function ProgressLine({ fraction }: { readonly fraction: number | null }) {
  return (
    <div className="absolute inset-x-0 bottom-0 h-0.75 overflow-hidden rounded-b-lg bg-running-soft">
      {fraction === null ? <div className="mr-shimmer h-full w-1/3 bg-running" /> : <div className="h-full origin-left bg-running transition-transform duration-300" style={{ transform: `scaleX(${Math.max(0.02, fraction)})` }} />}
    </div>
  );
}

/** A node of the graph: what it is, how it is doing, what is wrong with it. Drawn anew only when one of these changes. */
export const StepCard = memo(function StepCard({ id, data: { node, inputs, outputs }, selected }: NodeProps<StepNode>) {
  const { pick, t, language } = useText();
  const { specs, onProblem } = useGraph();
  const live = useNodeLive(id);
  const problems = useNodeProblems(id);
  const spec = specOf(specs, node);
  const kind = kindStyles[node.type];
  const type = spec === null ? t(words.unknownType) : pick(spec.label);
  const title = nodeName(specs, node, pick);
  const off = node.disabled === true;
  // What is merely not done yet is no alarm: nodes come onto the canvas like that.
  const wrong = problems.filter((problem) => !UNFINISHED.has(problem.code));
  const first = wrong[0] ?? problems[0];
  const grave = wrong.some((problem) => problem.severity === 'error');
  const said = first === undefined ? '' : problemText(first, language).message;
  const sign = live === null ? null : stateSign(live);
  const frame = live === null ? (grave ? 'border-failed/60' : 'border-line-strong') : live.diverted ? 'border-interrupted' : frames[live.status];
  return (
    <div
      className={cx(
        'mr-card relative h-full w-full rounded-lg border bg-raised shadow-low transition-[border-color,box-shadow] duration-100',
        selected ? 'border-accent ring-2 ring-accent/25' : frame,
        off && 'border-dashed opacity-55',
      )}
      data-kind={node.type}
      data-status={live?.status}
    >
      <div className="flex items-center gap-2.5 px-2.5" style={{ height: HEAD_HEIGHT - 2 }}>
        <span className={cx('grid size-8 shrink-0 place-items-center rounded-md', kind.soft, kind.text)}>
          <NodeIcon name={spec?.icon ?? 'circle-question-mark'} className="size-4.25" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm leading-4.5 font-medium text-ink">{title}</span>
          <span className="block truncate text-xs leading-4 text-ink-3">
            {off ? t(words.disabled) : live === null ? (node.label === undefined ? node.id : type) : <LiveLine live={live} outputs={outputs} />}
          </span>
        </span>
        {off ? <Ban className="size-3.5 shrink-0 text-ink-3" /> : sign === null ? null : <span role="img" aria-label={t(sign.said)} title={t(sign.said)}>{sign.icon}</span>}
      </div>
      {Math.max(inputs.length, outputs.length) > 1 ? <div className="mx-px border-t border-line" /> : null}
      <PortHandles ports={inputs} side="in" live={live} />
      <PortHandles ports={outputs} side="out" live={live} />
      {live?.status === 'running' ? <ProgressLine fraction={live.fraction} /> : null}
      <CardMarks node={node} />
      {first === undefined ? null : (
        <button
          type="button"
          className={cx('nodrag absolute -top-2 right-2 flex h-4.5 min-w-4.5 items-center justify-center gap-0.5 rounded-full border px-1 text-2xs font-semibold', grave ? 'border-failed/40 bg-failed-soft text-failed' : wrong.length > 0 ? 'border-interrupted/40 bg-interrupted-soft text-interrupted' : 'border-line-strong bg-raised text-ink-3')}
          title={said}
          aria-label={`${t(words.problems, problems.length)}: ${said}`}
          onClick={() => onProblem?.(id, first)}
        >
          {wrong.length > 0 ? <AlertTriangle className="size-2.75" /> : <CircleDashed className="size-2.75" />}
          {problems.length > 1 ? problems.length : null}
        </button>
      )}
    </div>
  );
});
