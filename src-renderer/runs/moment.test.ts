import { describe, expect, it } from 'vitest';
import type { LogLine } from '#shared/contract/runs';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { adventures, gaveAgain, hasGiven, isOpened, linesAt } from './moment.ts';
import { isRunFile } from './run-file.ts';
import { id, recoveredRun, sampleRun, script } from './run.testing.ts';

const after = (events: ReturnType<typeof sampleRun>, count = events.length): Run => {
  const run = replay(events.slice(0, count));
  if (run === null) throw new Error('no run');
  return run;
};
const line = (version: number): LogLine => ({ node: null, at: 0, level: 'info', text: `${version}`, attempt: null, version });

describe('a moment of a run', () => {
  it('has the lines written up to it', () => {
    const lines = [line(0), line(3), line(3), line(7)];
    expect(linesAt(lines, 3).map((one) => one.text)).toEqual(['0', '3', '3']);
    expect(linesAt(lines, null)).toBe(lines);
  });
  it('has a node’s rows once it had completed', () => {
    const events = sampleRun();
    expect(events.map((_event, index) => hasGiven(after(events, index + 1).nodes['read']))).toEqual(events.map((_event, index) => index >= 4));
    expect(hasGiven(undefined)).toBe(false);
  });
  it('has the rows of a failure that went on as rows', () => {
    const { events, add } = script();
    for (const event of sampleRun().slice(0, 8)) add(event.type, event.at, event.data);
    expect(hasGiven(after(events).nodes['write'])).toBe(false);
    add('NodeFailureDiverted', 1700, { node: id('write'), attempt: 1 });
    expect(hasGiven(after(events).nodes['write'])).toBe(true);
  });
  it('knows that a node ran again afterwards', () => {
    const { events, add } = script();
    for (const event of sampleRun().slice(0, 6)) add(event.type, event.at, event.data);
    const then = after(events);
    add('WorkflowInterrupted', 1500, { reason: 'x', workedMs: 1 });
    add('WorkflowResumed', 1600, { by: 'recovery', repeat: [id('keep')] });
    add('NodeExecutionStarted', 1600, { node: id('keep'), attempt: 2, segment: 's1' });
    add('NodeExecutionCompleted', 1700, { node: id('keep'), attempt: 2, rowsIn: 10, rowsOut: { out: 6 }, durationMs: 1, report: {}, key: null });
    expect([gaveAgain(then, after(events), 'keep'), gaveAgain(then, after(events), 'read'), gaveAgain(after(events), after(events), 'keep')]).toEqual([true, false, false]);
  });
});

describe('what a run went through', () => {
  const events = recoveredRun();
  it('is told in numbers', () => expect(adventures(after(events), events)).toEqual({ resumed: 1, lost: 1, reused: 1 }));
  it('is told as of the moment', () => expect(adventures(after(events, 7), events)).toEqual({ resumed: 0, lost: 0, reused: 1 }));
  it('is nothing where it simply ran', () => expect(adventures(after(sampleRun()), sampleRun())).toEqual({ resumed: 0, lost: 0, reused: 0 }));
});

describe('a run’s file', () => {
  it.each(['{"format":"millrace-run","formatVersion":1}', '\uFEFF{\n  "format": "millrace-run",\n'])('is known by its beginning', (text) => expect(isRunFile(text)).toBe(true));
  it.each(['{"formatVersion":1,"name":"millrace-run"}', '', '[]', '{"format":"other"}'])('is no other file', (text) => expect(isRunFile(text)).toBe(false));
  it('is looked at under an id of its own kind', () => expect([isOpened('opened-1'), isOpened('0190-opened')]).toEqual([true, false]));
});
