import * as fc from 'fast-check';
import type { NodePolicy, RunPlan } from './command.ts';
import { planOf, segments } from './scenario.testing.ts';

const policies = fc.record({
  onError: fc.constantFrom<NodePolicy['onError']>('stop', 'continue', 'errorPort'),
  retry: fc.option(fc.record({ attempts: fc.integer({ min: 1, max: 3 }), backoff: fc.constantFrom<'constant' | 'exponential'>('constant', 'exponential'), initialMs: fc.nat(50), maxMs: fc.constant(100), jitter: fc.constant(0) }), { nil: undefined }),
});

/**
 * Up to eight segments of one to three nodes; each may need any earlier ones. One that gives its failures to its port `error` is one
 * node, and half of those that read it read that port alone.
 */
export const anyPlan: fc.Arbitrary<RunPlan> = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 3 }), needs: fc.array(fc.nat(7), { maxLength: 3 }), policy: policies, ofErrors: fc.boolean() }), { minLength: 1, maxLength: 8 })
  .map((drawn) => {
    const sizes = drawn.map((one) => (one.policy.onError === 'errorPort' ? 1 : one.size));
    const end = (n: number): string => `s${n}n${(sizes[n] ?? 1) - 1}`;
    const listed = segments(
      ...drawn.map((one, n) => {
        const needs = [...new Set(one.needs.filter((need) => need < n))].map((need) => `${end(need)}${one.ofErrors && drawn[need]?.policy.onError === 'errorPort' ? '!' : ''}`);
        return `${Array.from({ length: sizes[n] ?? 1 }, (_, i) => `s${n}n${i}`).join('+')}<${needs.join(',')}`;
      }),
    );
    return planOf(listed, Object.fromEntries(listed.flatMap((segment, n) => segment.nodes.map((id) => [id, drawn[n]?.policy ?? {}]))));
  });
