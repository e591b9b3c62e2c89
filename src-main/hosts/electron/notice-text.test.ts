import { describe, expect, it } from 'vitest';
import { messageOf } from './notice-text.ts';
import { NOTICE_SWITCHES } from './notices.ts';
import type { Notice, NoticeKind } from './notices.ts';

const notice = (kind: NoticeKind, workflowId = 'orders', change: Partial<Notice> = {}): Notice => ({
  kind,
  workflowId,
  workflowName: workflowId[0]!.toUpperCase() + workflowId.slice(1),
  detail: kind === 'failed' ? 'The disk is full.' : '',
  count: 1,
  place: kind === 'missed' || kind === 'paused' ? '#/schedules' : '#/runs/r1',
  ...change,
});

describe('a notification', () => {
  it('of one failure names the workflow and what went wrong, and leads to the run', () => {
    expect(messageOf([notice('failed')], 'en')).toEqual({ title: 'Orders failed', body: 'The disk is full.', place: '#/runs/r1' });
    expect(messageOf([notice('failed')], 'zh')).toMatchObject({ title: '“Orders”运行失败' });
  });

  it('of several of one workflow leads to its runs', () => {
    expect(messageOf([notice('failed'), notice('failed')], 'en')).toEqual({ title: '2 runs of Orders failed', body: 'The disk is full.', place: '#/runs?workflow=orders' });
  });

  it('of a flood says how many', () => {
    const flood = ['orders', 'stock', 'bills', 'mail', 'news'].map((id) => notice('failed', id));
    expect(messageOf([...flood, ...flood, ...flood.slice(0, 2)], 'en')).toEqual({ title: '12 runs failed', body: 'Orders, Stock, Bills, and 2 more', place: '#/runs' });
    expect(messageOf(flood, 'zh')).toMatchObject({ title: '5 次运行失败', body: 'Orders、Stock、Bills等 5 个工作流' });
  });

  it('of missed runs counts them all', () => {
    expect(messageOf([notice('missed', 'orders', { count: 3 })], 'en')).toEqual({ title: '3 runs of Orders were missed', body: 'While this computer slept or was off.', place: '#/schedules' });
    expect(messageOf([notice('missed', 'orders', { count: 3 }), notice('missed', 'stock')], 'en')).toEqual({ title: '4 runs were missed', body: 'Orders, Stock', place: '#/schedules' });
    expect(messageOf([notice('missed')], 'en').title).toBe('A run of Orders was missed');
  });

  it.each(Object.keys(NOTICE_SWITCHES) as NoticeKind[])('of kind %s speaks Chinese, alone and together', (kind) => {
    for (const group of [[notice(kind)], [notice(kind), notice(kind)], [notice(kind), notice(kind, 'stock')]]) {
      expect(messageOf(group, 'zh').title).toMatch(/\p{Script=Han}/u);
      expect(messageOf(group, 'en').title).not.toMatch(/\p{Script=Han}/u);
    }
  });
});
