import type { Attempt, NodeRun, Run } from '#shared/run/run';

/** One attempt as a bar. `left` and `width` are parts of the whole axis, from 0 to 1. */
export interface Bar {
  readonly attempt: number;
  readonly outcome: Attempt['outcome'];
  readonly left: number;
  readonly width: number;
  /** The part of the bar that was this node's own work: below 1 only where nodes were fused into one query. */
  readonly own: number;
  readonly startedAt: number;
  readonly ms: number;
}

export interface TimelineRow {
  readonly node: NodeRun;
  readonly bars: readonly Bar[];
}

/** Rows that ran as one query: they stand together. */
export interface SegmentGroup {
  readonly segment: string;
  readonly first: number;
  readonly count: number;
}

export interface TimelineLayout {
  readonly from: number;
  /** Length of the axis in milliseconds, above 0. */
  readonly span: number;
  readonly rows: readonly TimelineRow[];
  /** Only segments of two rows or more. */
  readonly groups: readonly SegmentGroup[];
}

const segmentOf = (node: NodeRun): string => node.segment ?? node.id;
const endOf = (attempt: Attempt, now: number): number => (attempt.outcome === 'running' ? now : attempt.endedAt);

/** Where everything stands: nodes that started, in order of their segment's start and then of the file; the rest is left out. */
export function layoutTimeline(run: Run, now: number): TimelineLayout {
  const started = Object.values(run.nodes).filter((node) => node.attempts.length > 0);
  const from = run.startedAt ?? run.requestedAt;
  const to = Math.max(run.endedAt ?? now, ...started.flatMap((node) => node.attempts.map((attempt) => endOf(attempt, run.endedAt ?? now))));
  const span = Math.max(1, to - from);
  const starts = new Map<string, number>();
  for (const node of started) {
    const start = node.attempts[0]?.startedAt ?? 0;
    starts.set(segmentOf(node), Math.min(starts.get(segmentOf(node)) ?? Number.POSITIVE_INFINITY, start));
  }
  const segments = [...starts.keys()].toSorted((a, b) => (starts.get(a) ?? 0) - (starts.get(b) ?? 0));
  const ordered = segments.flatMap((segment) => started.filter((node) => segmentOf(node) === segment));
  const sizes = new Map(segments.map((segment) => [segment, ordered.filter((node) => segmentOf(node) === segment).length]));
  const rows = ordered.map((node): TimelineRow => {
    const fused = (sizes.get(segmentOf(node)) ?? 1) > 1;
    const bars = node.attempts.map((attempt): Bar => {
      const ms = Math.max(0, endOf(attempt, run.endedAt ?? now) - attempt.startedAt);
      const last = attempt === node.attempts.at(-1);
      const own = fused && last && node.durationMs !== null && ms > 0 ? Math.min(1, node.durationMs / ms) : 1;
      return { attempt: attempt.attempt, outcome: attempt.outcome, left: (attempt.startedAt - from) / span, width: ms / span, own, startedAt: attempt.startedAt, ms };
    });
    return { node, bars };
  });
  const groups: SegmentGroup[] = [];
  for (const segment of segments) {
    const count = sizes.get(segment) ?? 0;
    if (count > 1) groups.push({ segment, first: ordered.findIndex((node) => segmentOf(node) === segment), count });
  }
  return { from, span, rows, groups };
}

/** Round distances for an axis: milliseconds from the start, at most `most` of them. */
export function ticks(span: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5];
  const step = steps.find((one) => span / one <= most) ?? Math.ceil(span / most / 864e5) * 864e5;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
}
