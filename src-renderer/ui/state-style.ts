import type { NodeKind } from '#shared/node-spec';
import type { NodeStatus, RunStatus } from '#shared/run/run';

/** The colours that states share. */
export type StateTone = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'skipped' | 'interrupted';

const TONES: Readonly<Record<RunStatus | NodeStatus, StateTone>> = {
  queued: 'queued',
  pending: 'queued',
  running: 'running',
  retrying: 'interrupted',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  interrupted: 'interrupted',
  paused: 'interrupted',
  lost: 'interrupted',
};

/** The tone of a run's or a node's state. */
export const stateOf = (status: RunStatus | NodeStatus): StateTone => TONES[status];

/** Whole class names, because Tailwind finds them by reading. `fill` is a CSS colour for SVG and canvas. */
export const stateStyles: Readonly<Record<StateTone, { readonly dot: string; readonly badge: string; readonly text: string; readonly border: string; readonly fill: string }>> = {
  queued: { dot: 'bg-queued', badge: 'bg-queued-soft text-queued', text: 'text-queued', border: 'border-line-strong', fill: 'var(--queued)' },
  running: { dot: 'bg-running', badge: 'bg-running-soft text-running', text: 'text-running', border: 'border-running', fill: 'var(--running)' },
  completed: { dot: 'bg-completed', badge: 'bg-completed-soft text-completed', text: 'text-completed', border: 'border-completed', fill: 'var(--completed)' },
  failed: { dot: 'bg-failed', badge: 'bg-failed-soft text-failed', text: 'text-failed', border: 'border-failed', fill: 'var(--failed)' },
  cancelled: { dot: 'bg-cancelled', badge: 'bg-cancelled-soft text-cancelled', text: 'text-cancelled', border: 'border-cancelled', fill: 'var(--cancelled)' },
  skipped: { dot: 'bg-skipped', badge: 'bg-skipped-soft text-skipped', text: 'text-skipped', border: 'border-skipped', fill: 'var(--skipped)' },
  interrupted: { dot: 'bg-interrupted', badge: 'bg-interrupted-soft text-interrupted', text: 'text-interrupted', border: 'border-interrupted', fill: 'var(--interrupted)' },
};

/** The colours of the four kinds of nodes. */
export const kindStyles: Readonly<Record<NodeKind, { readonly text: string; readonly soft: string; readonly solid: string; readonly border: string; readonly fill: string }>> = {
  source: { text: 'text-source', soft: 'bg-source-soft', solid: 'bg-source', border: 'border-source', fill: 'var(--source)' },
  transform: { text: 'text-transform', soft: 'bg-transform-soft', solid: 'bg-transform', border: 'border-transform', fill: 'var(--transform)' },
  sink: { text: 'text-sink', soft: 'bg-sink-soft', solid: 'bg-sink', border: 'border-sink', fill: 'var(--sink)' },
  flow: { text: 'text-flow', soft: 'bg-flow-soft', solid: 'bg-flow', border: 'border-flow', fill: 'var(--flow)' },
};
