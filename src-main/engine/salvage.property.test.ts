import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeId } from '#shared/ids';
import type { Segment } from './plan.ts';
import { salvage } from './salvage.ts';
import type { Found } from './salvage.ts';
import { node, segments } from './scenario.testing.ts';

interface Case {
  readonly plan: { readonly segments: readonly Segment[] };
  readonly found: Found;
}

/** Up to seven segments of one or two nodes, each needing any earlier ones. In the same run what is done has everything it needs done too. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    drawn: fc.array(fc.record({ long: fc.boolean(), needs: fc.array(fc.nat(6), { maxLength: 3 }), done: fc.boolean(), steady: fc.boolean(), restored: fc.boolean() }), { minLength: 1, maxLength: 7 }),
    sameRun: fc.boolean(),
    from: fc.option(fc.nat(6)),
  })
  .map(({ drawn, sameRun, from }) => {
    const listed = segments(...drawn.map((one, n) => `${one.long ? `a${n}+` : ''}s${n}<${[...new Set(one.needs.filter((need) => need < n))].map((need) => `s${need}`).join(',')}`));
    const done = new Set<string>();
    for (const [n, segment] of listed.entries()) if (drawn[n]?.done === true && (!sameRun || segment.needs.every((need) => done.has(need)))) done.add(segment.id);
    const those = (wanted: (n: number) => boolean | undefined): ReadonlySet<NodeId> => new Set(listed.filter((segment, n) => wanted(n) === true && done.has(segment.id)).map((segment) => segment.end.node));
    const start = from === null || sameRun ? undefined : listed[from % listed.length]?.nodes[0];
    return { plan: { segments: listed }, found: { done: those(() => true), steady: those((n) => drawn[n]?.steady), restored: those((n) => drawn[n]?.restored), sameRun, from: start ?? null } };
  });

const consumersOf = ({ segments: all }: Case['plan'], id: string): readonly Segment[] => all.filter((segment) => segment.needs.includes(id));
const isDownstream = (plan: Case['plan'], segment: Segment, from: NodeId): boolean => segment.nodes.includes(from) || segment.needs.some((need) => plan.segments.some((one) => one.id === need && isDownstream(plan, one, from)));

/** May it stand, if nobody needs it to run? */
function mayStand({ plan, found }: Case, segment: Segment): boolean {
  const end = segment.end.node;
  if (!found.done.has(end)) return false;
  return found.sameRun || (found.steady.has(end) && (found.from === null || !isDownstream(plan, segment, found.from)));
}

/** Would a run in which exactly these segments run give what an undisturbed one gives? */
function isSound(one: Case, run: ReadonlySet<string>): boolean {
  const { plan, found } = one;
  return plan.segments.every((segment) => {
    if (!run.has(segment.id)) return mayStand(one, segment) || (!found.sameRun && consumersOf(plan, segment.id).length > 0);
    const readable = segment.needs.every((need) => run.has(need) || plan.segments.some((other) => other.id === need && mayStand(one, other) && found.restored.has(other.end.node)));
    const told = found.steady.has(segment.end.node) || !found.done.has(segment.end.node) || consumersOf(plan, segment.id).every((other) => run.has(other.id));
    return readable && told;
  });
}

test('what runs is the smallest set of segments that gives what an undisturbed run gives', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const ids = one.plan.segments.map((segment) => segment.id);
      const sets = Array.from({ length: 2 ** ids.length }, (_, bits) => new Set(ids.filter((_id, n) => ((bits >> n) & 1) === 1)));
      const sound = sets.filter((set) => isSound(one, set));
      const least = Math.min(...sound.map((set) => set.size));
      const smallest = sound.filter((set) => set.size === least);
      expect(smallest).toHaveLength(1);
      expect(salvage(one.plan, one.found).run).toEqual([...(smallest[0] ?? [])]);
    }),
    { numRuns: 400 },
  );
});

test('what is kept stands, what is repeated was done, and what follows the node a rerun starts from runs', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { plan, found } = one;
      const { keep, run, repeat } = salvage(plan, found);
      for (const segment of plan.segments) {
        const end = segment.end.node;
        if (keep.includes(segment.id)) expect(found.done.has(end) && (found.sameRun || found.steady.has(end))).toBe(true);
        expect(keep.includes(segment.id) && run.includes(segment.id)).toBe(false);
        if (found.from !== null && isDownstream(plan, segment, found.from)) expect(run).toContain(segment.id);
        if (found.sameRun) expect(keep.includes(segment.id) || run.includes(segment.id)).toBe(true);
        for (const id of segment.nodes) expect(repeat.includes(id)).toBe(run.includes(segment.id) && found.done.has(end));
      }
    }),
    { numRuns: 400 },
  );
});

test('a chain is taken up where its rows were last kept', () => {
  const plan = { segments: segments('csv', 'sum<csv', 'join<sum', 'out<join') };
  const done = new Set(['csv', 'sum', 'join'].map(node));
  const kept = salvage(plan, { done, steady: done, restored: new Set([node('sum')]), sameRun: true, from: null });
  expect(kept).toEqual({ keep: ['csv', 'sum'], run: ['join', 'out'], repeat: ['join'] });
});

test('a rerun asks for nothing that only reused nodes would read', () => {
  const plan = { segments: segments('csv', 'sum<csv', 'out<sum') };
  const done = new Set(['sum', 'out'].map(node));
  expect(salvage(plan, { done, steady: done, restored: new Set(), sameRun: false, from: null })).toEqual({ keep: ['sum', 'out'], run: [], repeat: [] });
});
