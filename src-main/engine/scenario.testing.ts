import { assertNever } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';
import type { NewEvent, PauseAnswer, RunOrigin } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { hold } from './advance.ts';
import type { Held, Step } from './advance.ts';
import type { Command, NodePolicy, RunPlan } from './command.ts';
import { abandon, begin } from './decide.ts';
import type { Segment } from './plan.ts';
import type { Instant } from './record.ts';

export const node = (name: string): NodeId => NodeId.parse(name);

const digits = (value: number, count: number): string => String(value).padStart(count, '0');
/** The first hour of 1970. */
const iso = (ms: number): string => `1970-01-01T00:${digits(Math.floor(ms / 60_000), 2)}:${digits(Math.floor(ms / 1000) % 60, 2)}.${digits(ms % 1000, 3)}Z`;

/** An instant whose ids are counted on and whose chance is even: the same script gives the same bytes. */
export const instantAt = (at: number, id: () => string): Instant => ({ at, id, chance: () => 0.5, iso });

/** `segments('a+b', 'c<b', 'd<b!')`: chains joined by +, what they need after <, a `!` behind what they read the port `error` of alone. */
export function segments(...texts: readonly string[]): readonly Segment[] {
  return texts.map((text) => {
    const [chain = '', needs = ''] = text.split('<');
    const nodes = chain.split('+').map(node);
    const id = nodes.at(-1) ?? node('none');
    const read = needs.split(',').filter(Boolean);
    const afterFailure = read.filter((need) => need.endsWith('!')).map((need) => need.slice(0, -1));
    return { id, nodes, needs: read.map((need) => need.replace('!', '')), afterFailure, end: { kind: 'table', node: id, ports: ['out'] }, keeps: [], diverts: false };
  });
}

export function planOf(listed: readonly Segment[], policies: Readonly<Record<string, Partial<NodePolicy>>> = {}, skipped: RunPlan['skipped'] = []): RunPlan {
  const all = listed.flatMap((segment) => segment.nodes);
  return { segments: listed, skipped, policies: Object.fromEntries(all.map((id) => [id, { onError: 'stop' as const, retry: undefined, timeoutMs: undefined, ...policies[id] }])) };
}

/** What the world reported back: a segment's fate, a person's wish, or that time went by. */
export type Report =
  | { readonly kind: 'cancel' | 'tick' | 'lost' }
  /** `reuses`: it is given what another run had, and leaves out what nobody needs. */
  | { readonly kind: 'requested'; readonly reuses?: { readonly of: Run; readonly nodes: readonly string[]; readonly leavesOut?: readonly string[] } }
  /** `keeps`: its last node's output rests as a file. `afterwards`: what its first node asks for. */
  | { readonly kind: 'done'; readonly segment: string; readonly keeps?: boolean; readonly afterwards?: JsonObject }
  /** What a node had asked for after all work has been done. */
  | { readonly kind: 'settled'; readonly node: string }
  | { readonly kind: 'failed'; readonly segment: string; readonly node: string; readonly code: ErrorCode }
  /** Something is about to be done outside. */
  | { readonly kind: 'intends'; readonly node: string }
  /** The studio ended, or was closed. */
  | { readonly kind: 'interrupted' | 'closed' }
  /** It has a worker again. `repeat`: nodes that had run. */
  | { readonly kind: 'resumed'; readonly repeat?: readonly string[] }
  | { readonly kind: 'answered'; readonly answer: PauseAnswer };

/** What a report came to: beside the step, all that it was made from. */
export interface Played extends Step {
  readonly facts: readonly NewEvent[];
  readonly awake: readonly NodeId[];
  readonly first: readonly Command[];
}

/** A run played without any machine: reports in, steps out. */
export function play(plan: RunPlan, ids = counter('e'), origin: RunOrigin | null = null) {
  let held: Held | null = null;
  const facts = (report: Report, at: number): readonly NewEvent[] => {
    const open = held?.running() ?? [];
    const base = () => ({ at, id: ids() });
    const attempt = open[0]?.attempts.at(-1)?.attempt ?? 1;
    const question = held?.run().question ?? null;
    switch (report.kind) {
      case 'requested': {
        const listed = [...plan.segments.flatMap((segment) => segment.nodes), ...plan.skipped.map((one) => one.node)].map((id) => ({ id }));
        const data = { runId: RunId.parse('r1'), workflowId: WorkflowId.parse('w1'), workflowName: 'W', revision: 'rev', workflow: { nodes: listed }, file: null, folder: null, trigger: { kind: 'manual' as const }, scope: { kind: 'all' as const }, priority: 0, origin };
        return [{ type: 'WorkflowRequested', data, ...base() }];
      }
      case 'cancel':
        return [{ type: 'WorkflowCancelRequested', data: { by: 'person' }, ...base() }];
      case 'lost':
      case 'interrupted':
      case 'closed':
        return [
          ...open.map((one): NewEvent => ({ type: 'NodeAttemptLost', data: { node: one.id, attempt, reason: 'signal SIGKILL' }, ...base() })),
          { type: 'WorkflowInterrupted', data: { reason: `It was ${report.kind}.`, workedMs: 5, ...(report.kind === 'closed' ? { orderly: true } : {}) }, ...base() },
        ];
      case 'done':
        return open.flatMap((one): NewEvent[] => [
          ...(report.keeps === true && one.id === report.segment ? [{ type: 'NodeOutputCommitted' as const, data: { node: one.id, attempt, port: 'out', path: null, rows: 2, bytes: 100, hash: 'ab'.repeat(32) }, ...base() }] : []),
          ...one.effects.filter((effect) => effect.state === 'intended').map(({ effect }): NewEvent => ({ type: 'NodeEffectConfirmed', data: { node: one.id, effect }, ...base() })),
          { type: 'NodeExecutionCompleted', data: { node: one.id, attempt, rowsIn: 3, rowsOut: { out: 2 }, durationMs: 1.5, report: {}, key: null, ...(report.afterwards === undefined || one !== open[0] ? {} : { afterwards: report.afterwards }) }, ...base() },
        ]);
      case 'settled':
        return [{ type: 'NodeSettled', data: { node: node(report.node) }, ...base() }];
      case 'failed':
        return open.map((one): NewEvent =>
          report.code === 'cancelled'
            ? { type: 'NodeExecutionSkipped', data: { node: one.id, reason: { kind: 'cancelled' } }, ...base() }
            : one.id === report.node
              ? { type: 'NodeExecutionFailed', data: { node: one.id, attempt, durationMs: 1, error: { code: report.code, message: 'It broke.' } }, ...base() }
              : { type: 'NodeExecutionSkipped', data: { node: one.id, reason: { kind: 'segmentFailed', node: node(report.node) } }, ...base() },
        );
      case 'intends':
        return [{ type: 'NodeEffectIntended', data: { node: node(report.node), attempt, effect: ids(), what: 'Three rows are sent.', rows: 3, proof: null }, ...base() }];
      case 'answered':
        return [
          ...(question?.kind === 'effects' ? question.effects : []).flatMap((one): NewEvent[] => {
            if (report.answer === 'repeat') return [{ type: 'NodeEffectDropped', data: { node: one.node, effect: one.effect, reason: 'A person wants it again.' }, ...base() }];
            if (report.answer === 'stop') return [];
            const last = held?.run().nodes[one.node]?.attempts.at(-1)?.attempt ?? 1;
            return [
              { type: 'NodeEffectConfirmed', data: { node: one.node, effect: one.effect }, ...base() },
              { type: 'NodeExecutionCompleted', data: { node: one.node, attempt: last, rowsIn: 3, rowsOut: {}, durationMs: 0, report: {}, key: null }, ...base() },
            ];
          }),
          { type: 'WorkflowAnswered', data: { answer: report.answer, by: 'person' }, ...base() },
        ];
      case 'tick':
      case 'resumed':
        return [];
      default:
        return assertNever(report);
    }
  };

  /** What recovery or a person wants besides. */
  const first = (report: Report, run: Run): readonly Command[] => {
    if (report.kind === 'requested' && report.reuses !== undefined) {
      const { of, nodes, leavesOut = [] } = report.reuses;
      const reused = nodes.flatMap((id): Command[] => (of.nodes[id] === undefined ? [] : [{ kind: 'Reuse', from: of.id, node: of.nodes[id] }]));
      return [...begin(plan), ...reused, ...leavesOut.map((id): Command => ({ kind: 'Skip', node: node(id), reason: { kind: 'notNeeded' } }))];
    }
    if (report.kind === 'resumed') return [{ kind: 'Resume', by: 'recovery', repeat: (report.repeat ?? []).map(node) }];
    if (report.kind === 'answered' && report.answer === 'stop') return abandon(run, { code: 'cancelled', message: 'A person ended it.' });
    const hopeless = (report.kind === 'interrupted' || report.kind === 'lost') && run.fruitless >= 3 && !run.cancelRequested;
    return hopeless ? abandon(run, { code: 'worker_lost', message: 'It gets no further.' }) : [];
  };

  return {
    state: (): Run | null => held?.run() ?? null,
    /** The run is held by a process that knows nothing but its events. */
    restart(history: readonly NewEvent[]): void {
      const run = replay(history);
      if (run !== null) held = hold(run, plan);
    },
    report(report: Report, at: number): Played {
      const awake = (held?.waiting() ?? []).filter((one) => one.retryAt !== null && one.retryAt <= iso(at)).map((one) => one.id);
      for (const one of awake) held?.wake(one);
      const happened = facts(report, at);
      const requested = held === null ? replay(happened) : null;
      held ??= requested === null ? null : hold(requested, plan);
      if (held === null) throw new Error('A history starts with WorkflowRequested.');
      let before: readonly Command[] = [];
      const step = held.step(requested === null ? happened : [], instantAt(at, ids), (run) => (before = first(report, run)));
      return { ...step, facts: happened, awake, first: before };
    },
  };
}

export function counter(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}${(count += 1)}`;
}
