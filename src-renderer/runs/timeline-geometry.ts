import type { Attempt, NodeRun, Run } from '#shared/run/run';
import { axisOver } from './timeline-axis.ts';
import type { Axis } from './timeline-axis.ts';

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

/** The delay between a failed attempt and the next. */
export interface Wait {
  readonly left: number;
  readonly width: number;
  readonly ms: number;
}

export interface TimelineRow {
  readonly node: NodeRun;
  readonly bars: readonly Bar[];
  readonly waits: readonly Wait[];
}

/** Rows that ran as one query: they stand together. */
export interface SegmentGroup {
  readonly segment: string;
  readonly first: number;
  readonly count: number;
}

export interface TimelineLayout {
  readonly axis: Axis;
  readonly rows: readonly TimelineRow[];
  /** Only segments of two rows or more. */
  readonly groups: readonly SegmentGroup[];
}

const segmentOf = (node: NodeRun): string => node.segment ?? node.id;
const endOf = (attempt: Attempt, now: number): number => (attempt.outcome === 'running' ? Math.max(now, attempt.startedAt) : attempt.endedAt);

/**
 * Of an attempt that was lost with the studio nobody knows when it ended: its loss was written down at the next start, the morning after
 * perhaps. It is drawn at its length as long as others took, a minute at least; what is beyond that may be folded.
 */
const LOST_MS = 60_000;
const busyUntil = (attempt: Attempt, now: number, longest: number): number => (attempt.outcome === 'lost' ? Math.min(attempt.endedAt, attempt.startedAt + longest) : endOf(attempt, now));

/** Where everything stands: nodes that were reused, then those that started, in order of their segment's start and then of the file; the rest is left out. */
export function layoutTimeline(run: Run, now: number): TimelineLayout {
  const nodes = Object.values(run.nodes);
  const started = nodes.filter((node) => node.attempts.length > 0);
  const end = run.endedAt ?? now;
  const attempts = started.flatMap((node) => node.attempts);
  const longest = Math.max(LOST_MS, ...attempts.map((attempt) => (attempt.outcome === 'lost' ? 0 : endOf(attempt, end) - attempt.startedAt)));
  const axis = axisOver(
    run.startedAt ?? run.requestedAt,
    Math.max(end, ...attempts.map((attempt) => endOf(attempt, end))),
    attempts.map((attempt) => ({ from: attempt.startedAt, to: busyUntil(attempt, end, longest) })),
  );
  const starts = new Map<string, number>();
  for (const node of started) {
    const start = node.attempts[0]?.startedAt ?? 0;
    starts.set(segmentOf(node), Math.min(starts.get(segmentOf(node)) ?? Number.POSITIVE_INFINITY, start));
  }
  const segments = [...starts.keys()].toSorted((a, b) => (starts.get(a) ?? 0) - (starts.get(b) ?? 0));
  const bySegment = Map.groupBy(started, segmentOf);
  const reused = nodes.filter((node) => node.reusedFrom !== null && node.attempts.length === 0);
  const ordered = [...reused, ...segments.flatMap((segment) => bySegment.get(segment) ?? [])];
  const part = (from: number, to: number): { readonly left: number; readonly width: number } => ({ left: axis.at(from), width: Math.max(0, axis.at(to) - axis.at(from)) });
  const rows = ordered.map((node): TimelineRow => {
    const fused = (bySegment.get(segmentOf(node))?.length ?? 1) > 1;
    const bars = node.attempts.map((attempt): Bar => {
      const until = endOf(attempt, end);
      const ms = Math.max(0, until - attempt.startedAt);
      const last = attempt === node.attempts.at(-1);
      const own = fused && last && node.durationMs !== null && ms > 0 ? Math.min(1, node.durationMs / ms) : 1;
      return { attempt: attempt.attempt, outcome: attempt.outcome, ...part(attempt.startedAt, until), own, startedAt: attempt.startedAt, ms };
    });
    const waits = node.attempts.flatMap((attempt, index): Wait[] => {
      const next = node.attempts[index + 1]?.startedAt ?? (node.status === 'retrying' ? end : null);
      if (attempt.outcome !== 'failed' || next === null || next <= attempt.endedAt) return [];
      return [{ ...part(attempt.endedAt, next), ms: next - attempt.endedAt }];
    });
    return { node, bars, waits };
  });
  const groups = segments.flatMap((segment): SegmentGroup[] => {
    const members = bySegment.get(segment) ?? [];
    const [first] = members;
    return first === undefined || members.length < 2 ? [] : [{ segment, first: ordered.indexOf(first), count: members.length }];
  });
  return { axis, rows, groups };
}
