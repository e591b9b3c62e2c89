import { assertNever } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { advance } from './advance.ts';
import type { Step } from './advance.ts';
import type { NodePolicy, RunPlan } from './command.ts';
import type { Segment } from './plan.ts';
import type { Instant } from './record.ts';

export const node = (name: string): NodeId => NodeId.parse(name);


const digits = (value: number, count: number): string => String(value).padStart(count, '0');
/** The first hour of 1970. */
const iso = (ms: number): string => `1970-01-01T00:${digits(Math.floor(ms / 60_000), 2)}:${digits(Math.floor(ms / 1000) % 60, 2)}.${digits(ms % 1000, 3)}Z`;

/** An instant whose ids are counted on and whose chance is even: the same script gives the same bytes. */
export const instantAt = (at: number, id: () => string): Instant => ({ at, id, chance: () => 0.5, iso });

/** `segments('a+b', 'c<b')`: chains joined by +, what they need after <. */
export function segments(...texts: readonly string[]): readonly Segment[] {
  return texts.map((text) => {
    const [chain = '', needs = ''] = text.split('<');
    const nodes = chain.split('+').map(node);
    const id = nodes.at(-1) ?? node('none');
    return { id, nodes, needs: needs.split(',').filter(Boolean), afterFailure: [], end: { kind: 'table', node: id, ports: ['out'] }, keeps: [], diverts: false };
  });
}

export function planOf(listed: readonly Segment[], policies: Readonly<Record<string, Partial<NodePolicy>>> = {}, skipped: RunPlan['skipped'] = []): RunPlan {
  const all = listed.flatMap((segment) => segment.nodes);
  return { segments: listed, skipped, policies: Object.fromEntries(all.map((id) => [id, { onError: 'stop' as const, retry: undefined, timeoutMs: undefined, ...policies[id] }])) };
}

/** What the world reported back: a segment's fate, a person's wish, or that time went by. */
export type Report =
  | { readonly kind: 'requested' | 'cancel' | 'tick' | 'lost' }
  | { readonly kind: 'done'; readonly segment: string }
  | { readonly kind: 'failed'; readonly segment: string; readonly node: string; readonly code: ErrorCode };

/** A run played without any machine: reports in, steps out. */
export function play(plan: RunPlan, ids = counter('e')) {
  let run: Run | null = null;
  const facts = (report: Report, at: number): readonly NewEvent[] => {
    const open = Object.values(run?.nodes ?? {}).filter((one) => one.status === 'running');
    const base = () => ({ at, id: ids() });
    const attempt = open[0]?.attempts.at(-1)?.attempt ?? 1;
    switch (report.kind) {
      case 'requested': {
        const nodes = [...plan.segments.flatMap((segment) => segment.nodes), ...plan.skipped.map((one) => one.node)].map((id) => ({ id }));
        const data = { runId: RunId.parse('r1'), workflowId: WorkflowId.parse('w1'), workflowName: 'W', revision: 'rev', workflow: { nodes }, file: null, folder: null, trigger: { kind: 'manual' as const }, scope: { kind: 'all' as const }, priority: 0, origin: null };
        return [{ type: 'WorkflowRequested', data, ...base() }];
      }
      case 'cancel':
        return [{ type: 'WorkflowCancelRequested', data: { by: 'person' }, ...base() }];
      case 'lost':
        return open.map((one) => ({ type: 'NodeAttemptLost', data: { node: one.id, attempt, reason: 'signal SIGKILL' }, ...base() }));
      case 'done':
        return open.map((one) => ({ type: 'NodeExecutionCompleted', data: { node: one.id, attempt, rowsIn: 3, rowsOut: { out: 2 }, durationMs: 1.5, report: {}, key: null }, ...base() }));
      case 'failed':
        return open.map((one): NewEvent =>
          report.code === 'cancelled'
            ? { type: 'NodeExecutionSkipped', data: { node: one.id, reason: { kind: 'cancelled' } }, ...base() }
            : one.id === report.node
              ? { type: 'NodeExecutionFailed', data: { node: one.id, attempt, durationMs: 1, error: { code: report.code, message: 'It broke.' } }, ...base() }
              : { type: 'NodeExecutionSkipped', data: { node: one.id, reason: { kind: 'segmentFailed', node: node(report.node) } }, ...base() },
        );
      case 'tick':
        return [];
      default:
        return assertNever(report);
    }
  };
  return {
    state: (): Run | null => run,
    report(report: Report, at: number): Step & { readonly facts: readonly NewEvent[] } {
      const happened = facts(report, at);
      const before = run ?? evolve(null, happened[0] as NewEvent);
      if (before === null) throw new Error('A history starts with WorkflowRequested.');
      const step = advance(before, run === null ? [] : happened, plan, instantAt(at, ids));
      run = step.run;
      return { ...step, facts: happened };
    },
  };
}

export function counter(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}${(count += 1)}`;
}
