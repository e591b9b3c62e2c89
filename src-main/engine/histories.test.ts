import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NewEvent } from '#shared/events';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { advance } from './advance.ts';
import type { Command, RunPlan } from './command.ts';
import { instantAt, node, play, planOf, segments } from './scenario.testing.ts';
import type { Report } from './scenario.testing.ts';

/**
 * Golden histories: one file a story, one line a step: what had happened (`facts`), what the engine made of it (`commands`, and all
 * `events` of that append). They are replayed, never written anew, except one that is missing: that is recorded from its script below.
 */
interface Line {
  readonly at: number;
  readonly facts: readonly NewEvent[];
  readonly commands: readonly Command[];
  readonly events: readonly NewEvent[];
}

const retry = { attempts: 3, backoff: 'exponential' as const, initialMs: 100, maxMs: 1000, jitter: 0.2 };
const diamond = segments('csv+keep', 'sum<keep', 'list<keep', 'join<sum,list', 'out<join');
const done = (segment: string): Report => ({ kind: 'done', segment });
const failed = (segment: string, at: string, code: 'io' | 'cancelled' = 'io'): Report => ({ kind: 'failed', segment, node: at, code });

const SCRIPTS: Readonly<Record<string, { readonly plan: RunPlan; readonly reports: readonly (readonly [number, Report])[] }>> = {
  'completes': { plan: planOf(diamond), reports: [[0, { kind: 'requested' }], [5, done('keep')], [9, done('sum')], [12, done('list')], [14, done('join')], [20, done('out')]] },
  'leaves-out-disabled': { plan: planOf(segments('csv'), {}, [{ node: node('out'), reason: 'disabled' }]), reports: [[0, { kind: 'requested' }], [5, done('csv')]] },
  'fails-and-stops': { plan: planOf(diamond), reports: [[0, { kind: 'requested' }], [5, done('keep')], [9, failed('sum', 'sum')]] },
  'fails-inside-a-segment': { plan: planOf(diamond), reports: [[0, { kind: 'requested' }], [5, failed('keep', 'csv')]] },
  'fails-and-goes-on': { plan: planOf(diamond, { sum: { onError: 'continue' } }), reports: [[0, { kind: 'requested' }], [5, done('keep')], [9, failed('sum', 'sum')], [12, done('list')]] },
  'tries-again': { plan: planOf(diamond, { csv: { retry } }), reports: [[0, { kind: 'requested' }], [5, failed('keep', 'csv')], [50, { kind: 'tick' }], [105, { kind: 'tick' }], [110, failed('keep', 'csv')], [310, { kind: 'tick' }], [320, failed('keep', 'csv')]] },
  'cancelled-while-running': { plan: planOf(diamond), reports: [[0, { kind: 'requested' }], [5, done('keep')], [7, { kind: 'cancel' }], [8, failed('sum', 'sum', 'cancelled')]] },
  'cancelled-while-waiting-to-try-again': { plan: planOf(diamond, { csv: { retry } }), reports: [[0, { kind: 'requested' }], [5, failed('keep', 'csv')], [7, { kind: 'cancel' }]] },
  'cancelled-too-late': { plan: planOf(segments('csv')), reports: [[0, { kind: 'requested' }], [7, { kind: 'cancel' }], [8, done('csv')]] },
  'loses-its-worker': { plan: planOf(diamond, { keep: { retry, onError: 'continue' } }), reports: [[0, { kind: 'requested' }], [5, { kind: 'lost' }]] },
};

const folder = new URL('histories/', import.meta.url);

for (const [name, script] of Object.entries(SCRIPTS)) {
  const file = new URL(`${name}.jsonl`, folder);
  if (existsSync(file)) continue;
  const world = play(script.plan);
  const lines: readonly Line[] = script.reports.map(([at, report]) => {
    const { facts, commands, events } = world.report(report, at);
    return { at, facts, commands, events };
  });
  writeFileSync(file, [{ plan: script.plan }, ...lines, { state: world.state() }].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test.each(readdirSync(folder).filter((name) => name.endsWith('.jsonl')))('%s replays to the same commands, events and state', (name) => {
  const [head, ...rest] = readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Partial<Line> & { plan?: RunPlan; state?: Run });
  const plan = head?.plan;
  const end = rest.pop();
  if (plan === undefined || end?.state === undefined) throw new Error(`${name} does not start with a plan and end with a state.`);
  let run: Run | null = null;
  for (const { at = 0, facts = [], commands, events = [] } of rest as readonly Line[]) {
    const ids = [...events];
    const fresh = run === null;
    const before: Run | null = run ?? facts.reduce<Run | null>(evolve, null);
    if (before === null) throw new Error(`${name} does not start with WorkflowRequested.`);
    const own = ids.slice(fresh ? 0 : facts.length).map((event) => event.id);
    const step = advance(before, fresh ? [] : facts, plan, instantAt(at, () => own.shift() ?? 'one more than was recorded'));
    expect(step.commands).toEqual(commands);
    expect(step.events).toEqual(events);
    run = step.run;
  }
  expect(run).toEqual(end.state);
});
