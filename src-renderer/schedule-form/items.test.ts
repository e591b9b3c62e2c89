import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '#shared/json';
import { readSchedules } from '#shared/schedule/read-schedules';
import { Workflow } from '#shared/workflow/workflow';
import { addItem, firstMistake, itemsOf, keysOfItems, ofKind, patchItem, placeOf, removeItem, replaceItem } from './items.ts';

const NOW = Date.UTC(2026, 10, 25, 12, 10);
const weekdays = { kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Europe/Zurich' };
const workflowWith = (schedule: Json | undefined): Workflow => Workflow.parse({ formatVersion: 1, id: 'w', name: 'W', nodes: [], edges: [], metadata: { createdAt: 'then', ...(schedule === undefined ? {} : { schedule }) } });
const scheduleOf = (workflow: Workflow): Json | undefined => workflow.metadata['schedule'];
const kindsOf = (workflow: Workflow): readonly string[] => readSchedules(scheduleOf(workflow)).schedules.map(({ key, times }) => `${key}:${times.kind}`);

describe('schedules in a document', () => {
  it('are none, an object alone, or a list', () => {
    const none = workflowWith(undefined);
    const one = addItem(none, weekdays);
    const two = addItem(one, { kind: 'interval', every: '1h', timeZone: 'UTC' });
    expect(itemsOf(none)).toEqual([]);
    expect(scheduleOf(one)).toEqual(weekdays);
    expect(kindsOf(two)).toEqual([':cron', '2:interval']);
    expect(removeItem(two, 1)).toEqual(one);
    expect(removeItem(one, 0)).toEqual(none);
  });

  it('stay the same ones when the first is taken away', () => {
    const three = workflowWith([weekdays, { ...weekdays, label: 'second' }, { ...weekdays, label: 'third' }]);
    expect(keysOfItems(itemsOf(three))).toEqual(['', '2', '3']);
    const two = removeItem(three, 0);
    expect(itemsOf(two).map(({ key, label }) => [key, label])).toEqual([['2', 'second'], ['3', 'third']]);
    expect(scheduleOf(removeItem(two, 0))).toMatchObject({ key: '3', label: 'third' });
  });

  it('get keys that are free', () => {
    const taken = workflowWith([{ ...weekdays, key: '3' }, { ...weekdays, key: '2' }]);
    expect(keysOfItems(itemsOf(addItem(taken, weekdays)))).toEqual(['3', '2', '']);
    const all = workflowWith([weekdays, { ...weekdays, key: '3' }]);
    expect(keysOfItems(itemsOf(addItem(all, weekdays)))).toEqual(['', '3', '4']);
  });

  it('keep what means nothing to us, and the other metadata', () => {
    const before = workflowWith({ ...weekdays, team: { name: 'night' } });
    const after = patchItem(before, 0, { expression: '0 9 * * *', overlap: 'bufferOne' });
    expect(after.metadata).toEqual({ createdAt: 'then', schedule: { kind: 'cron', expression: '0 9 * * *', timeZone: 'Europe/Zurich', overlap: 'bufferOne', team: { name: 'night' } } });
  });

  it('leave defaults out, in a fixed order', () => {
    const after = patchItem(workflowWith(weekdays), 0, { overlap: 'skip', graceSeconds: 60, enabled: false });
    expect(JSON.stringify(scheduleOf(after))).toBe('{"enabled":false,"kind":"cron","expression":"0 8 * * 1-5","timeZone":"Europe/Zurich"}');
    expect(scheduleOf(patchItem(after, 0, { enabled: undefined }))).toEqual(weekdays);
  });

  it('keep a broken value as it was typed, and all around it', () => {
    const broken = patchItem(workflowWith({ ...weekdays, misfire: 'all' }), 0, { expression: '0 8 * * ' });
    expect(scheduleOf(broken)).toEqual({ ...weekdays, misfire: 'all', expression: '0 8 * * ' });
    expect(scheduleOf(patchItem(broken, 0, { expression: '0 8 * * 1-5' }))).toEqual({ ...weekdays, misfire: 'all' });
  });

  it('of the seed are read, and written in our shape once they are changed', () => {
    const seed = workflowWith({ enabled: true, scheduleType: 'fixed_rate', interval: '1h', owner: 'ops' });
    expect(itemsOf(seed)[0]).toMatchObject({ kind: 'interval', every: '1h', owner: 'ops' });
    expect(scheduleOf(patchItem(seed, 0, { every: '2h' }))).toEqual({ kind: 'interval', every: '2h', timeZone: 'UTC', owner: 'ops' });
  });

  it('of the seed that are broken are shown under our names', () => {
    const item = itemsOf(workflowWith({ schedule_type: 'cron', cron_expression: '0 8 * *', timezone: 'UTC', cron: 'older' }))[0] ?? {};
    expect(item).toMatchObject({ kind: 'cron', timeZone: 'UTC' });
    expect(['0 8 * *', 'older']).toContain(item['expression']);
  });

  it.each([['a text'], [7], [null], [[]]])('%j is shown as nothing, never as an error', (value) => expect(itemsOf(workflowWith(value as Json)).flatMap(Object.keys)).toEqual([]));
});

describe('another kind', () => {
  it.each(['manual', 'once', 'interval', 'delay', 'cron'] as const)('%s begins with what can be read', (kind) => {
    const made = replaceItem(workflowWith(weekdays), 0, ofKind(weekdays, kind, 'Asia/Tokyo', NOW));
    const read = readSchedules(scheduleOf(made));
    expect(read.problems).toEqual([]);
    expect(read.schedules[0]?.times.kind).toBe(kind);
  });
  it('keeps the zone and what both kinds know, and drops the rest', () => {
    const item: JsonObject = { ...weekdays, days: 'and', overlap: 'allowAll', team: 'a' };
    expect(ofKind(item, 'interval', 'UTC', NOW)).toEqual({ kind: 'interval', every: '1h', timeZone: 'Europe/Zurich', overlap: 'allowAll', team: 'a' });
  });
  it('of a single time is the hour after next', () => expect(ofKind({}, 'once', 'UTC', NOW)['at']).toBe('2026-11-25T14:00:00Z'));
});

describe('the place of a problem', () => {
  it.each([
    ['metadata.schedule', { index: 0, field: null }],
    ['metadata.schedule.expression', { index: 0, field: 'expression' }],
    ['metadata.schedule[2].events[0]', { index: 2, field: 'events[0]' }],
    ['metadata.scheduled', null],
    ['settings.timeoutMs', null],
    [undefined, null],
  ])('%s', (field, place) => expect(placeOf(field === undefined ? {} : { field })).toEqual(place));
});

it('the first mistake of a schedule is found by its place', () => {
  const workflow = workflowWith([weekdays, { ...weekdays, key: 'b', expression: '0 25 * * *', overlap: 'never' }]);
  expect(firstMistake(workflow, 0)).toBeNull();
  expect(['expression', 'overlap']).toContain(firstMistake(workflow, 1));
  expect(firstMistake(workflowWith(undefined), 0)).toBeNull();
});
