import type { RunOrigin } from '#shared/events';
import { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { RunPlan } from './command.ts';
import { node, play, planOf, segments } from './scenario.testing.ts';
import type { Report } from './scenario.testing.ts';

/** What a golden history is made from: a plan, and what was reported when. */
export interface Story {
  readonly plan: RunPlan;
  readonly origin?: RunOrigin;
  readonly reports: readonly (readonly [at: number, Report])[];
}

const retry = { attempts: 3, backoff: 'exponential' as const, initialMs: 100, maxMs: 1000, jitter: 0.2 };
const requested: Report = { kind: 'requested' };
const lost: Report = { kind: 'lost' };
const resumed: Report = { kind: 'resumed' };
const interrupted: Report = { kind: 'interrupted' };
const done = (segment: string): Report => ({ kind: 'done', segment });
const asks = (segment: string): Report => ({ kind: 'done', segment, afterwards: { offset: 7 } });
const settled = (id: string): Report => ({ kind: 'settled', node: id });
const failed = (segment: string, at = segment, code: 'io' | 'cancelled' | 'worker_lost' = 'io'): Report => ({ kind: 'failed', segment, node: at, code });
const again = (...repeat: readonly string[]): Report => ({ kind: 'resumed', repeat });

const listed = segments('csv+keep', 'sum<keep', 'list<keep', 'join<sum,list', 'out<join');
const diamond = planOf(listed);
const send = planOf(segments('csv', 'send<csv', 'log<csv'), { send: { retry } });
const errors = planOf(segments('csv', 'keep<csv', 'out<keep', 'bad<keep!', 'both<keep'), { keep: { onError: 'errorPort', retry: { ...retry, attempts: 2 } } });

/** A run that failed at its last node: what a rerun and a fork continue. */
function failedAtTheEnd(): Run {
  const world = play(diamond);
  const all: readonly Report[] = [requested, done('keep'), done('sum'), done('list'), done('join'), failed('out')];
  for (const [index, report] of all.entries()) world.report(report, index);
  const run = world.state();
  if (run === null) throw new Error('It has begun.');
  return { ...run, id: RunId.parse('r0') };
}
const origin = (kind: 'rerun' | 'fork'): RunOrigin => ({ kind, run: RunId.parse('r0'), version: 14, from: kind === 'rerun' ? node('out') : null });

export const STORIES: Readonly<Record<string, Story>> = {
  'completes': { plan: diamond, reports: [[0, requested], [5, done('keep')], [9, done('sum')], [12, done('list')], [14, done('join')], [20, done('out')]] },
  'leaves-out-disabled': { plan: planOf(segments('csv'), {}, [{ node: node('out'), reason: 'disabled' }]), reports: [[0, requested], [5, done('csv')]] },
  'fails-and-stops': { plan: diamond, reports: [[0, requested], [5, done('keep')], [9, failed('sum')]] },
  'fails-inside-a-segment': { plan: diamond, reports: [[0, requested], [5, failed('keep', 'csv')]] },
  'fails-and-goes-on': { plan: planOf(listed, { sum: { onError: 'continue' } }), reports: [[0, requested], [5, done('keep')], [9, failed('sum')], [12, done('list')]] },
  'fails-with-its-worker': { plan: planOf(listed, { sum: { onError: 'continue', retry } }), reports: [[0, requested], [5, done('keep')], [9, failed('sum', 'sum', 'worker_lost')]] },
  'tries-again': { plan: planOf(listed, { csv: { retry } }), reports: [[0, requested], [5, failed('keep', 'csv')], [50, { kind: 'tick' }], [105, { kind: 'tick' }], [110, failed('keep', 'csv')], [310, { kind: 'tick' }], [320, failed('keep', 'csv')]] },
  'tries-again-over-a-restart': { plan: planOf(listed, { csv: { retry } }), reports: [[0, requested], [5, failed('keep', 'csv')], [50, interrupted], [60, resumed], [70, { kind: 'tick' }], [105, { kind: 'tick' }], [107, lost], [108, resumed], [110, failed('keep', 'csv')], [310, { kind: 'tick' }], [320, done('keep')], [330, done('sum')], [340, done('list')], [350, done('join')], [360, done('out')]] },
  'cancelled-while-running': { plan: diamond, reports: [[0, requested], [5, done('keep')], [7, { kind: 'cancel' }], [8, failed('sum', 'sum', 'cancelled')]] },
  'cancelled-while-waiting-to-try-again': { plan: planOf(listed, { csv: { retry } }), reports: [[0, requested], [5, failed('keep', 'csv')], [7, { kind: 'cancel' }]] },
  'cancelled-too-late': { plan: planOf(segments('csv')), reports: [[0, requested], [7, { kind: 'cancel' }], [8, done('csv')]] },
  'cancelled-while-interrupted': { plan: diamond, reports: [[0, requested], [5, done('keep')], [7, lost], [8, { kind: 'cancel' }]] },
  'resumed-after-a-crash': { plan: diamond, reports: [[0, requested], [5, done('keep')], [9, { kind: 'done', segment: 'sum', keeps: true }], [10, interrupted], [20, again('csv', 'keep')], [25, done('keep')], [30, done('list')], [35, done('join')], [40, done('out')]] },
  'loses-its-worker-and-goes-on': { plan: diamond, reports: [[0, requested], [5, done('keep')], [9, lost], [11, resumed], [13, done('sum')], [15, done('list')], [17, done('join')], [19, done('out')]] },
  'gets-no-further': { plan: diamond, reports: [[0, requested], [5, done('keep')], [9, lost], [11, resumed], [13, lost], [15, resumed], [17, interrupted]] },
  'closed-again-and-again': { plan: planOf(segments('csv')), reports: [[0, requested], [5, { kind: 'closed' }], [6, resumed], [7, { kind: 'closed' }], [8, resumed], [9, { kind: 'closed' }], [10, resumed], [11, lost], [12, resumed], [15, done('csv')]] },
  'diverts-a-failure': { plan: errors, reports: [[0, requested], [5, done('csv')], [9, failed('keep')], [120, { kind: 'tick' }], [125, failed('keep')], [130, done('bad')]] },
  'asks-and-repeats': { plan: send, reports: [[0, requested], [5, done('csv')], [6, { kind: 'intends', node: 'send' }], [7, failed('send')], [8, { kind: 'answered', answer: 'repeat' }], [9, resumed], [15, done('log')], [120, { kind: 'tick' }], [125, { kind: 'intends', node: 'send' }], [126, done('send')]] },
  'asks-and-skips': { plan: send, reports: [[0, requested], [5, done('csv')], [6, { kind: 'intends', node: 'send' }], [7, interrupted], [8, resumed], [9, { kind: 'answered', answer: 'skip' }], [10, resumed], [15, done('log')]] },
  'asks-and-stops': { plan: send, reports: [[0, requested], [5, done('csv')], [6, { kind: 'intends', node: 'send' }], [7, failed('send')], [8, { kind: 'answered', answer: 'stop' }]] },
  'asks-before-a-confirmed-effect-is-repeated': { plan: send, reports: [[0, requested], [5, done('csv')], [6, { kind: 'intends', node: 'send' }], [7, done('send')], [8, interrupted], [9, again('csv', 'send')], [10, done('csv')], [11, { kind: 'answered', answer: 'repeat' }], [12, resumed], [13, done('send')], [14, done('log')]] },
  'reuses-another-run': { plan: diamond, origin: origin('rerun'), reports: [[0, { kind: 'requested', reuses: { of: failedAtTheEnd(), nodes: ['csv', 'keep', 'sum', 'list', 'join'] } }], [5, done('out')]] },
  'settles-after-its-work': { plan: diamond, reports: [[0, requested], [5, asks('keep')], [9, done('sum')], [12, done('list')], [14, done('join')], [20, done('out')], [21, { kind: 'cancel' }], [25, settled('csv')]] },
  'settles-again-after-a-crash': { plan: planOf(segments('csv', 'out<csv')), reports: [[0, requested], [5, asks('csv')], [9, done('out')], [10, interrupted], [20, resumed], [25, settled('csv')]] },
  'settles-nothing-where-rows-were-lost': { plan: planOf(segments('csv', 'out<csv', 'log<csv'), { out: { onError: 'continue' } }), reports: [[0, requested], [5, asks('csv')], [9, failed('out')], [12, done('log')]] },
  'forks-another-run': { plan: diamond, origin: origin('fork'), reports: [[0, { kind: 'requested', reuses: { of: failedAtTheEnd(), nodes: ['sum', 'list'], leavesOut: ['csv', 'keep'] } }], [5, done('join')], [9, done('out')]] },
};
