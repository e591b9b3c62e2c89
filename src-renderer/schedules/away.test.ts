import { describe, expect, it } from 'vitest';
import type { AwaySchedule } from '#shared/contract/schedules';
import type { ScheduleId, WorkflowId } from '#shared/ids';
import { choicesOf, chooseForAll, commonChoice, leftOut, stretchOf } from './away.ts';

const missed = (id: string, more: Partial<AwaySchedule> = {}): AwaySchedule => ({ scheduleId: id as ScheduleId, workflowId: id as WorkflowId, workflowName: id, label: '', timeZone: 'UTC', reason: 'asleep', count: 3, times: [1, 2, 3], first: 1, last: 3, tooOld: 0, policy: 'latest', ...more });
const all = [missed('a'), missed('b', { policy: 'run' }), missed('old', { tooOld: 3, policy: 'latest' })];

describe('what was missed', () => {
  it('goes by the policy until the person chooses', () => {
    expect(choicesOf(all, {})).toEqual({ a: 'latest', b: 'run', old: 'skip' });
    expect(choicesOf(all, { a: 'skip' })).toEqual({ a: 'skip', b: 'run', old: 'skip' });
  });
  it('can be chosen for all at once, except what is too old', () => {
    expect(chooseForAll(all, 'run')).toEqual({ a: 'run', b: 'run', old: 'skip' });
    expect(commonChoice(chooseForAll(all, 'skip'))).toBe('skip');
    expect(commonChoice(choicesOf(all, {}))).toBeNull();
  });
  it('says how many times are not named', () => expect([leftOut(missed('a')), leftOut(missed('b', { count: 500 }))]).toEqual([0, 497]));
  it('is the same stretch when more joins it', () => {
    const away = { since: 5, until: 8, deadline: 9, schedules: all.slice(0, 1) };
    expect(stretchOf({ ...away, since: 1, schedules: all })).toBe(stretchOf(away));
    expect(stretchOf({ ...away, deadline: 10 })).not.toBe(stretchOf(away));
  });
});
