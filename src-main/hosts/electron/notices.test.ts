import { describe, expect, it } from 'vitest';
import type { AwaySchedule } from '#shared/contract/schedules';
import type { StudioEvent } from '#shared/events';
import { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import { firstSentence, isSeen, noticeOfPause, noticeOfRun, noticesOfAway } from './notices.ts';
import type { Notice } from './notices.ts';
import type { BoardRun } from './run-board.ts';

const run = (trigger = 'manual'): BoardRun => ({ id: RunId.parse('r1'), workflowId: WorkflowId.parse('orders'), workflowName: 'Orders', trigger, status: 'running', since: 1 });
const event = (type: string, data: object = {}): StudioEvent => ({ type, data, at: 1, id: 'e', stream: 'run-r1', version: 2, position: 2 }) as unknown as StudioEvent;
const failed = event('WorkflowFailed', { durationMs: 1, node: null, error: { code: 'io', message: 'The disk is full. Free some space.' } });

const paused = (by: 'person' | 'failure' | 'all') => noticeOfPause({ scheduleId: ScheduleId.parse('orders'), workflowId: WorkflowId.parse('orders'), by, note: 'It failed.' }, null);
const missed = (id: string, count: number): AwaySchedule => ({ scheduleId: ScheduleId.parse(id), workflowId: WorkflowId.parse(id), workflowName: id, label: '', timeZone: 'UTC', reason: 'asleep', count, times: [], first: 0, last: 1, tooOld: 0, policy: 'latest' });
const notice = (kind: Notice['kind'], place: Notice['place'] = '#/runs/r1'): Notice => ({ kind, workflowId: 'orders', workflowName: 'Orders', detail: '', count: 1, place });

describe('what is worth telling', () => {
  it('is a failure with its first sentence', () => {
    expect(noticeOfRun(run(), failed)).toEqual({ kind: 'failed', workflowId: 'orders', workflowName: 'Orders', detail: 'The disk is full.', count: 1, place: '#/runs/r1' });
  });

  it('names the place of a failure', () => {
    const error = { code: 'io', message: 'There is no such file. Check the path.', place: '/data/orders.csv' };
    expect(noticeOfRun(run(), event('WorkflowFailed', { durationMs: 1, node: null, error }))?.detail).toBe('/data/orders.csv: There is no such file.');
  });

  it('is a question', () => {
    expect(noticeOfRun(run(), event('WorkflowPaused', { question: { kind: 'recovery', reason: 'x' } }))).toMatchObject({ kind: 'waiting', place: '#/runs/r1' });
  });

  it('is the end of a scheduled run only', () => {
    expect(noticeOfRun(run('schedule'), event('WorkflowCompleted'))).toMatchObject({ kind: 'completed' });
    expect(noticeOfRun(run('manual'), event('WorkflowCompleted'))).toBeNull();
    expect(['WorkflowStarted', 'WorkflowCancelled', 'WorkflowInterrupted'].map((type) => noticeOfRun(run('schedule'), event(type)))).toEqual([null, null, null]);
  });

  it('is a schedule that a failure has paused, not one that a person has', () => {
    expect(paused('failure')).toMatchObject({ kind: 'paused', workflowName: 'orders', place: '#/schedules' });
    expect([paused('person'), paused('all')]).toEqual([null, null]);
  });

  it('is what was missed, a notice a schedule', () => {
    expect(noticesOfAway({ since: 0, until: 9, deadline: 99, schedules: [missed('a', 3), missed('b', 1)] })).toMatchObject([{ kind: 'missed', count: 3 }, { kind: 'missed', count: 1 }]);
  });
});

describe('the first sentence', () => {
  it.each([
    ['The disk is full. Free some space.', 'The disk is full.'],
    ['Column v1.2 is not there', 'Column v1.2 is not there'],
    ['line one\nline two', 'line one'],
    ['磁盘已满。请清理。', '磁盘已满。'],
    ['No file /data/a.csv was found, e.g. by name. Look again.', 'No file /data/a.csv was found, e.g. by name.'],
    ['', ''],
  ])('of %j is %j', (text, sentence) => expect(firstSentence(text)).toBe(sentence));

  it('is never long', () => {
    expect(firstSentence('x'.repeat(5000))).toHaveLength(200);
  });
});

describe('what the person sees anyway', () => {
  it('is the run in front of him, at any moment of it, or in its workflow’s editor', () => {
    expect([null, 'elsewhere', '#/runs', '#/runs/r2', '#/edit/stock'].map((looking) => isSeen(notice('failed'), looking as '#/runs' | null))).toEqual([false, false, false, false, false]);
    expect((['#/runs/r1', '#/runs/r1?at=4', '#/edit/orders'] as const).map((looking) => isSeen(notice('failed'), looking))).toEqual([true, true, true]);
  });

  it('is the Schedules place for what is paused, and the window itself, which asks about missed runs', () => {
    expect(isSeen(notice('paused', '#/schedules'), '#/edit/orders')).toBe(false);
    expect(isSeen(notice('paused', '#/schedules'), '#/schedules')).toBe(true);
    expect(isSeen(notice('missed', '#/schedules'), 'elsewhere')).toBe(true);
    expect(isSeen(notice('missed', '#/schedules'), null)).toBe(false);
  });
});
