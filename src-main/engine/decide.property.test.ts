import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import { play, planOf, segments } from './scenario.testing.ts';
import type { NodePolicy } from './command.ts';

const policies = fc.record({
  onError: fc.constantFrom<NodePolicy['onError']>('stop', 'continue'),
  retry: fc.option(fc.record({ attempts: fc.integer({ min: 1, max: 3 }), backoff: fc.constantFrom<'constant' | 'exponential'>('constant', 'exponential'), initialMs: fc.nat(50), maxMs: fc.constant(100), jitter: fc.constant(0) }), { nil: undefined }),
});
/** Up to eight segments of one to three nodes; each may need any earlier ones. */
const plans = fc.array(fc.record({ size: fc.integer({ min: 1, max: 3 }), needs: fc.array(fc.nat(7), { maxLength: 3 }), policy: policies }), { minLength: 1, maxLength: 8 }).map((drawn) => {
  const end = (n: number): string => `s${n}n${(drawn[n]?.size ?? 1) - 1}`;
  const listed = segments(...drawn.map((one, n) => `${Array.from({ length: one.size }, (_, i) => `s${n}n${i}`).join('+')}<${[...new Set(one.needs.filter((need) => need < n).map(end))].join(',')}`));
  return planOf(listed, Object.fromEntries(listed.flatMap((segment, n) => segment.nodes.map((id) => [id, drawn[n]?.policy ?? {}]))));
});
const fates = fc.array(fc.record({ outcome: fc.constantFrom('done', 'done', 'done', 'failed', 'lost'), pick: fc.nat(2), cancel: fc.boolean(), rarely: fc.nat(9) }), { minLength: 60, maxLength: 60 });

test('every run ends, nothing is left open, and no segment starts before its rows are there', () => {
  fc.assert(
    fc.property(plans, fates, (plan, drawn) => {
      const world = play(plan);
      let at = 0;
      let step = world.report({ kind: 'requested' }, at);
      let seen: Run | null = step.facts.reduce<Run | null>(evolve, null);
      for (const fate of drawn) {
        seen = step.events.reduce<Run | null>((state, event) => (event.type === 'WorkflowRequested' ? state : evolve(state, event)), seen);
        expect(seen).toEqual(step.run);
        if (isTerminal(step.run.status)) break;
        const running = plan.segments.filter((segment) => segment.nodes.some((id) => step.run.nodes[id]?.status === 'running'));
        expect(running.length).toBeLessThanOrEqual(1);
        at += 1000;
        const [segment] = running;
        if (segment === undefined) {
          expect(Object.values(step.run.nodes).some((one) => one.status === 'retrying')).toBe(true);
          step = world.report({ kind: 'tick' }, at);
          continue;
        }
        for (const need of segment.needs) expect(step.run.nodes[need]?.status).toBe('completed');
        if (fate.cancel && fate.rarely === 0) {
          expect(world.report({ kind: 'cancel' }, at).commands).toContainEqual({ kind: 'StopSegment', segment: segment.id });
          step = world.report({ kind: 'failed', segment: segment.id, node: segment.id, code: 'cancelled' }, at);
          expect(step.run.status).toBe('cancelled');
          break;
        }
        const node = segment.nodes[fate.pick % segment.nodes.length] ?? segment.id;
        step = world.report(fate.outcome === 'failed' ? { kind: 'failed', segment: segment.id, node, code: 'io' } : fate.outcome === 'lost' && fate.rarely === 0 ? { kind: 'lost' } : { kind: 'done', segment: segment.id }, at);
      }
      expect(isTerminal(step.run.status)).toBe(true);
      for (const one of Object.values(step.run.nodes)) {
        expect(['completed', 'failed', 'skipped', 'lost']).toContain(one.status);
        expect(one.attempts.every((attempt) => attempt.outcome !== 'running')).toBe(true);
        if (one.status === 'failed') expect(one.attempts.length).toBeGreaterThanOrEqual(plan.policies[one.id]?.retry?.attempts ?? 1);
      }
      const failed = Object.values(step.run.nodes).filter((one) => one.status === 'failed');
      if (step.run.status === 'completed') for (const one of failed) expect(plan.policies[one.id]?.onError).toBe('continue');
      if (step.run.status === 'failed') expect(step.run.error).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});
