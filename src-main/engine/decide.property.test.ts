import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import type { NodePolicy, RunPlan } from './command.ts';
import { decide } from './decide.ts';
import { outlookOf } from './outlook.ts';
import type { Segment } from './plan.ts';
import { salvage } from './salvage.ts';
import { settlements } from './settle.ts';
import { play, planOf, segments } from './scenario.testing.ts';
import type { Report } from './scenario.testing.ts';

const policies = fc.record({
  onError: fc.constantFrom<NodePolicy['onError']>('stop', 'continue', 'errorPort'),
  retry: fc.option(fc.record({ attempts: fc.integer({ min: 1, max: 3 }), backoff: fc.constantFrom<'constant' | 'exponential'>('constant', 'exponential'), initialMs: fc.nat(50), maxMs: fc.constant(100), jitter: fc.constant(0) }), { nil: undefined }),
});

/**
 * Up to eight segments of one to three nodes; each may need any earlier ones. One that gives its failures to its port `error` is one
 * node, and half of those that read it read that port alone.
 */
const anyPlan: fc.Arbitrary<RunPlan> = fc
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

const fates = fc.array(fc.record({ outcome: fc.constantFrom('done', 'done', 'done', 'failed', 'intends', 'lost', 'closed', 'cancel'), pick: fc.nat(2), answer: fc.constantFrom<'repeat' | 'skip' | 'stop'>('repeat', 'skip', 'stop') }), { maxLength: 60 });

const goingIn = (run: Run, plan: RunPlan): readonly Segment[] => plan.segments.filter((segment) => segment.nodes.some((id) => run.nodes[id]?.status === 'running'));

const settlingIn = (run: Run, plan: RunPlan) => (run.status === 'running' && [...outlookOf(run, plan).open()].length === 0 ? settlements(run, plan, outlookOf(run, plan)) : []);

/** Segments of which nothing is open, by the nodes they end with. */
function settledIn(run: Run, plan: RunPlan): ReadonlySet<NodeId> {
  const open = new Set([...outlookOf(run, plan).open()].map(({ segment }) => segment.id));
  return new Set(plan.segments.filter((segment) => !open.has(segment.id)).map((segment) => segment.end.node));
}

/** What has to run again where `restored` and `steady` are what a new worker says of the segments that are settled. */
function repeatIn(run: Run, plan: RunPlan, restored: (segment: Segment) => boolean, steady: (segment: Segment) => boolean): readonly NodeId[] {
  const done = settledIn(run, plan);
  const those = (wanted: (segment: Segment) => boolean): ReadonlySet<NodeId> => new Set(plan.segments.filter((segment) => wanted(segment) || run.nodes[segment.end.node]?.diverted === true).map((segment) => segment.end.node));
  return salvage(plan, { done, restored: those(restored), steady: those(steady), sameRun: true, from: null }).repeat;
}

test('whatever happens, a run ends, nothing is left open, and no segment starts before its rows are there', () => {
  fc.assert(
    fc.property(anyPlan, fates, (plan, drawn) => {
      const world = play(plan);
      const events: NewEvent[] = [];
      let at = 0;
      const report = (said: Report): Run => {
        const fresh = events.length === 0;
        const step = world.report(said, (at += 1000));
        events.push(...(fresh ? step.facts : []), ...step.events);
        // What is kept up step by step is what the events say, and nothing that follows from them was forgotten.
        expect(replay(events)).toEqual(step.run);
        if (step.run.status === 'running') expect(decide(step.run, plan, new Set())).toEqual([...goingIn(step.run, plan).filter(() => step.run.cancelRequested).map((segment) => ({ kind: 'StopSegment', segment: segment.id })), ...settlingIn(step.run, plan)]);
        // What is done after the work is done after all of it, and makes way for nothing but the end.
        if (step.commands.some((command) => command.kind === 'Settle')) expect([...outlookOf(step.run, plan).open()]).toEqual([]);
        for (const command of step.commands) {
          if (command.kind !== 'StartSegment') continue;
          const segment = plan.segments.find((one) => one.id === command.segment);
          for (const need of segment?.needs ?? []) expect(step.run.nodes[need]?.status === 'completed' || (step.run.nodes[need]?.diverted === true && segment?.afterFailure.includes(need))).toBe(true);
          for (const id of command.nodes) expect(step.run.nodes[id]?.effects.every((effect) => effect.state === 'dropped')).toBe(true);
        }
        return step.run;
      };
      let run = report({ kind: 'requested' });
      for (let n = 0; !isTerminal(run.status); n += 1) {
        expect(n).toBeLessThan(400);
        const fate = drawn[n] ?? { outcome: 'done', pick: 0, answer: 'repeat' as const };
        const going = goingIn(run, plan);
        expect(going.length).toBeLessThanOrEqual(1);
        const [segment] = going;
        if (fate.outcome === 'cancel') run = report({ kind: 'cancel' });
        if (isTerminal(run.status)) break;
        if (run.status === 'paused') run = report({ kind: 'answered', answer: fate.answer });
        else if (run.status === 'interrupted') run = report({ kind: 'resumed', repeat: repeatIn(run, plan, (one) => one.id.length % 2 === n % 2, () => fate.pick > 0) });
        else if (fate.outcome === 'lost' || fate.outcome === 'closed') run = report({ kind: fate.outcome });
        else if (settlingIn(run, plan).length > 0) run = report({ kind: 'settled', node: settlingIn(run, plan)[0]?.node ?? '' });
        else if (segment === undefined) {
          expect(Object.values(run.nodes).some((one) => one.status === 'retrying')).toBe(true);
          run = report({ kind: 'tick' });
        } else {
          const node = segment.nodes[fate.pick % segment.nodes.length] ?? segment.id;
          if (run.cancelRequested) run = report({ kind: 'failed', segment: segment.id, node, code: 'cancelled' });
          else if (fate.outcome === 'intends' && segment.nodes.length === 1) run = report({ kind: 'intends', node });
          else run = report(fate.outcome === 'failed' ? { kind: 'failed', segment: segment.id, node, code: 'io' } : { kind: 'done', segment: segment.id, ...(fate.pick === 0 ? {} : { afterwards: { pick: fate.pick } }) });
        }
      }
      if (run.status === 'completed') expect(settlingIn(run, plan)).toEqual([]);
      else expect(events.filter((event) => event.type === 'NodeSettled')).toEqual([]);
      for (const one of Object.values(run.nodes)) {
        expect(['completed', 'failed', 'skipped', 'lost']).toContain(one.status);
        expect(one.attempts.every((attempt) => attempt.outcome !== 'running')).toBe(true);
        expect(new Set(one.attempts.map((attempt) => attempt.attempt)).size).toBe(one.attempts.length);
        if (run.status !== 'completed') continue;
        expect(one.status).not.toBe('lost');
        if (one.status === 'failed') expect(one.diverted ? 'errorPort' : 'continue').toBe(plan.policies[one.id]?.onError);
      }
      if (run.status === 'failed') expect(run.error).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});

type Which = (segment: Segment) => boolean;
const none: Which = () => false;

/** Plays to the end where each node always succeeds or always fails. `history`: what was written before a crash. `start`: how it begins. */
function outcome(plan: RunPlan, fails: ReadonlySet<string>, history: readonly NewEvent[] | null, restored: Which, steady: Which, start: Report = { kind: 'requested' }): { readonly run: Run; readonly events: readonly NewEvent[] } {
  let ids = 0;
  const world = play(plan, () => `${history === null ? 'a' : 'b'}${(ids += 1)}`);
  const events: NewEvent[] = [];
  let at = 0;
  const report = (said: Report): Run => {
    const step = world.report(said, (at += 1000));
    events.push(...(said.kind === 'requested' ? step.facts : []), ...step.events);
    return step.run;
  };
  let run: Run;
  if (history === null) run = report(start);
  else {
    world.restart(history);
    run = world.state() ?? report(start);
    if (!isTerminal(run.status) && run.status !== 'queued') {
      run = report({ kind: 'interrupted' });
      run = report({ kind: 'resumed', repeat: repeatIn(run, plan, restored, steady) });
    } else run = report({ kind: 'tick' });
  }
  for (let n = 0; !isTerminal(run.status); n += 1) {
    expect(n).toBeLessThan(200);
    const [segment] = goingIn(run, plan);
    const culprit = segment?.nodes.find((id) => fails.has(id));
    run = report(segment === undefined ? { kind: 'tick' } : culprit === undefined ? { kind: 'done', segment: segment.id } : { kind: 'failed', segment: segment.id, node: culprit, code: 'io' });
  }
  return { run, events };
}

const drawnFrom = (plan: RunPlan, bits: number): Which => (segment) => ((bits >> plan.segments.indexOf(segment)) & 1) === 1;

/** How much else was done when a run failed is a matter of time: while a node waits to be tried again, others go on. So is which of two failures came first. */
const summary = (run: Run) => ({ status: run.status, nodes: run.status === 'failed' ? [] : Object.values(run.nodes).map((one) => [one.id, one.status, one.skipped?.kind, one.diverted]) });

/** Whom a skipped node blames: somebody who gave no rows. */
const blamesRightly = (run: Run): boolean =>
  Object.values(run.nodes).every(({ skipped }) => skipped?.kind !== 'upstreamFailed' || ['failed', 'skipped'].includes(run.nodes[skipped.node]?.status ?? ''));

test('a crash at any event changes nothing of how a run ends, whatever rows were kept', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(fc.nat(7), { maxLength: 2 }), fc.nat(), fc.nat(255), fc.nat(255), (plan, failing, cut, restoredBits, steadyBits) => {
      const fails = new Set(failing.map((n) => `s${n}n0`));
      const undisturbed = outcome(plan, fails, null, none, none);
      const disturbed = outcome(plan, fails, undisturbed.events.slice(0, 1 + (cut % undisturbed.events.length)), drawnFrom(plan, restoredBits), drawnFrom(plan, steadyBits));
      expect(summary(disturbed.run)).toEqual(summary(undisturbed.run));
      for (const { run } of [undisturbed, disturbed]) expect(blamesRightly(run)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a rerun of a run that came to any point ends with everything done, whatever stands of it and wherever it is interrupted itself', () => {
  fc.assert(
    fc.property(anyPlan, fc.nat(), fc.nat(), fc.nat(255), fc.nat(255), fc.option(fc.nat(7)), (plan, cut, secondCut, steadyBits, restoredBits, from) => {
      const first = outcome(plan, new Set(), null, none, none);
      const origin = replay(first.events.slice(0, 1 + (cut % first.events.length)));
      if (origin === null) throw new Error('It was asked for.');
      const ends = (wanted: Which): ReadonlySet<NodeId> => new Set(plan.segments.filter(wanted).map((segment) => segment.end.node));
      const done = ends((segment) => segment.nodes.every((id) => origin.nodes[id]?.status === 'completed'));
      const restored = ends(drawnFrom(plan, restoredBits));
      // What is steady hangs on steady things alone: its key is made of theirs.
      const steady = new Set<NodeId>();
      for (const segment of plan.segments) if (drawnFrom(plan, steadyBits)(segment) && segment.needs.every((need) => steady.has(need as NodeId))) steady.add(segment.end.node);
      const found = salvage(plan, { done, steady, restored, sameRun: false, from: from === null ? null : (plan.segments[from % plan.segments.length]?.end.node ?? null) });
      const nodesOf = (wanted: (id: string) => boolean): readonly NodeId[] => plan.segments.filter((segment) => wanted(segment.id)).flatMap((segment) => segment.nodes);
      const start: Report = { kind: 'requested', reuses: { of: origin, nodes: nodesOf((id) => found.keep.includes(id)), leavesOut: nodesOf((id) => !found.keep.includes(id) && !found.run.includes(id)) } };
      const again = outcome(plan, new Set(), null, none, none, start);
      const cutAgain = outcome(plan, new Set(), again.events.slice(0, 1 + (secondCut % again.events.length)), none, none, start);
      const ran = new Set(again.events.flatMap((event) => (event.type === 'NodeExecutionStarted' ? [event.data.segment] : [])));
      expect(ran).toEqual(new Set(found.run));
      for (const { run } of [again, cutAgain]) {
        expect(run.status).toBe('completed');
        for (const one of Object.values(run.nodes)) expect(one.status === 'completed' || one.skipped?.kind === 'notNeeded').toBe(true);
      }
      for (const segment of plan.segments.filter((one) => ran.has(one.id))) for (const need of segment.needs) expect(ran.has(need) || (found.keep.includes(need) && restored.has(need as NodeId))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
