import { describe, expect, it } from 'vitest';
import { emptyQueue, GATHER_MS, hold, KIND_MS, nextDue, takeDue, WORKFLOW_MS } from './notice-queue.ts';
import type { NoticeQueue } from './notice-queue.ts';
import type { Notice, NoticeKind } from './notices.ts';

const notice = (workflowId: string, kind: NoticeKind = 'failed'): Notice => ({ kind, workflowId, workflowName: workflowId, detail: '', count: 1, place: '#/runs/r' });

/** Lives through notices at their times and answers what was told when, as `time: kind workflow…`. */
function live(told: readonly (readonly [at: number, notice: Notice])[], until: number): string[] {
  let queue: NoticeQueue = emptyQueue;
  const log: string[] = [];
  const work = (now: number): void => {
    for (let due = nextDue(queue); due !== null && due <= now; due = nextDue(queue)) {
      const taken = takeDue(queue, due);
      queue = taken.queue;
      for (const group of taken.groups) log.push(`${due}: ${group[0]?.kind} ${group.map((one) => one.workflowId).join(',')}`);
    }
  };
  for (const [at, one] of told) {
    work(at);
    queue = hold(queue, one, at);
  }
  work(until);
  expect(queue.held).toEqual([]);
  return log;
}

describe('notices that wait', () => {
  it('are told after a moment', () => {
    expect(live([[0, notice('a')]], 1e6)).toEqual([`${GATHER_MS}: failed a`]);
    expect(nextDue(emptyQueue)).toBeNull();
  });

  it('of a flood are one', () => {
    expect(live(Array.from({ length: 12 }, (_, at) => [at, notice(`w${at % 3}`)] as const), 1e6)).toEqual([`${GATHER_MS}: failed w0,w1,w2,w0,w1,w2,w0,w1,w2,w0,w1,w2`]);
  });

  it('of one workflow come no more often than once a minute, all together', () => {
    const log = live([[0, notice('a')], [5_000, notice('a')], [30_000, notice('a')]], 1e6);
    expect(log).toEqual([`${GATHER_MS}: failed a`, `${GATHER_MS + WORKFLOW_MS}: failed a,a`]);
  });

  it('of one kind come no more often than every ten seconds, whatever the workflow', () => {
    const log = live([[0, notice('a')], [2000, notice('b')], [4000, notice('c')]], 1e6);
    expect(log).toEqual([`${GATHER_MS}: failed a`, `${GATHER_MS + KIND_MS}: failed b,c`]);
  });

  it('of another kind are not held up', () => {
    const log = live([[0, notice('a')], [1000, notice('a', 'waiting')]], 1e6);
    expect(log).toEqual([`${GATHER_MS}: failed a`, `${1000 + GATHER_MS}: waiting a`]);
  });

  it('forget what was told long ago', () => {
    const once = takeDue(hold(emptyQueue, notice('a'), 0), GATHER_MS).queue;
    expect(once.toldAt.size).toBe(2);
    expect(takeDue(hold(once, notice('b'), 1e6), 2e6).queue.toldAt.has('failed a')).toBe(false);
  });
});
