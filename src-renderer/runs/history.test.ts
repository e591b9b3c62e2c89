import { describe, expect, it } from 'vitest';
import { replay } from '#shared/run/evolve';
import { emptyHistory, extend, stateAfter } from './history.ts';
import { id, sampleRun, script } from './run.testing.ts';

describe('a run’s history', () => {
  const long = script();
  for (const event of sampleRun().slice(0, 2)) long.add(event.type, event.at, event.data);
  for (let attempt = 1; attempt <= 150; attempt += 1) {
    long.add('NodeExecutionStarted', 1000 + attempt * 2, { node: id('read'), attempt, segment: 's1' });
    long.add('NodeExecutionFailed', 1001 + attempt * 2, { node: id('read'), attempt, durationMs: 1, error: { code: 'io', message: `${attempt}` } });
  }

  it('gives for every prefix what a full replay gives', () => {
    let history = emptyHistory;
    // In uneven portions, as a stream brings them.
    for (let at = 0; at < long.events.length; at += 37) history = extend(history, long.events.slice(at, at + 37));
    for (let count = 0; count <= long.events.length; count += 1) expect(stateAfter(history, count)).toEqual(replay(long.events.slice(0, count)));
  });
  it('passes over what it knows when a stream starts again', () => {
    const first = extend(emptyHistory, long.events.slice(0, 100));
    const again = extend(first, long.events.slice(0, 120));
    expect(again.events.map((event) => event.version)).toEqual(long.events.slice(0, 120).map((event) => event.version));
    expect(extend(again, long.events.slice(0, 50))).toBe(again);
  });
});
