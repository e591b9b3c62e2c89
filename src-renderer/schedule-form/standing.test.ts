import { describe, expect, it } from 'vitest';
import { ScheduleDefinition } from '#shared/schedule/schedule';
import { glanceOf, standingOf } from './standing.ts';

const definition = ScheduleDefinition.parse({ times: { kind: 'cron', expression: '0 8 * * *', timeZone: 'UTC' } });
const off = { ...definition, enabled: false };
const view = { status: 'scheduled', paused: null, next: 1000 } as const;
const known = { definition, saved: true, view, running: true } as const;

describe('the standing of a schedule', () => {
  it.each([
    ['that can’t be read', { ...known, definition: null }, { kind: 'broken', inForce: true }],
    ['that was changed', { ...known, saved: false }, { kind: 'unsaved', inForce: true }],
    ['that is new', { ...known, saved: false, view: undefined }, { kind: 'unsaved', inForce: false }],
    ['that is in force', known, { kind: 'next', at: 1000 }],
    ['that waits for a file', { ...known, view: { ...view, next: null } }, { kind: 'waits' }],
    ['that is switched off', { ...known, definition: off }, { kind: 'off' }],
    ['whose file was saved a moment ago', { ...known, view: undefined }, { kind: 'saved' }],
    ['that was switched on a moment ago', { ...known, view: { ...view, status: 'disabled' as const } }, { kind: 'saved' }],
    ['in a studio that runs none', { ...known, running: false }, { kind: 'notHere' }],
    ['that is paused', { ...known, view: { ...view, status: 'paused' as const, paused: { by: 'person' as const, note: 'Holiday', at: 5 } } }, { kind: 'paused', by: 'person', note: 'Holiday' }],
    ['that has run out', { ...known, view: { ...view, status: 'done' as const, next: null } }, { kind: 'done' }],
  ])('%s', (_, what, standing) => expect(standingOf(what)).toEqual(standing));
});

describe('schedules at a glance', () => {
  it.each([
    [[], 0, 'none'],
    [[definition], 0, 'set'],
    [[definition, off], 0, 'set'],
    [[off], 0, 'off'],
    [[definition], 1, 'paused'],
    [[definition, null], 1, 'broken'],
  ] as const)('%#', (definitions, paused, glance) => expect(glanceOf(definitions, paused)).toBe(glance));
});
