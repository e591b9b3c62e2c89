import { describe, expect, it } from 'vitest';
import { latest } from './stream.ts';

function source(): { subscribe: (listener: (value: string) => void) => () => void; emit: (value: string) => void; count: () => number } {
  const listeners = new Set<(value: string) => void>();
  const subscribe = (listener: (value: string) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { subscribe, emit: (value) => listeners.forEach((listener) => listener(value)), count: () => listeners.size };
}

const firstLetter = (value: string): string => value.slice(0, 1);

describe('a subscription as a stream', () => {
  it('gives what comes, and the newest of each key to a reader who is slow', async () => {
    const { subscribe, emit } = source();
    const stream = latest(subscribe, firstLetter, undefined);
    const first = stream.next();
    emit('a1');
    expect(await first).toEqual({ done: false, value: 'a1' });
    for (const value of ['a2', 'b1', 'a3', 'b2', 'c1']) emit(value);
    const rest = [await stream.next(), await stream.next(), await stream.next()].map((one) => one.value);
    expect(rest).toEqual(['a3', 'b2', 'c1']);
    await stream.return();
  });

  it('ends when it is aborted while it waits, and unsubscribes', async () => {
    const { subscribe, count } = source();
    const stop = new AbortController();
    const stream = latest(subscribe, firstLetter, stop.signal);
    const waiting = stream.next();
    expect(count()).toBe(1);
    stop.abort();
    expect((await waiting).done).toBe(true);
    expect(count()).toBe(0);
  });

  it('gives nothing more once aborted, whatever still waits', async () => {
    const { subscribe, emit } = source();
    const stop = new AbortController();
    const stream = latest(subscribe, firstLetter, stop.signal);
    const first = stream.next();
    emit('a1');
    await first;
    emit('b1');
    stop.abort();
    emit('c1');
    const left: string[] = [];
    for await (const value of stream) left.push(value);
    expect(left.length).toBeLessThanOrEqual(2);
  });

  it('never subscribes when it is aborted before it begins', async () => {
    const { subscribe, count } = source();
    const stream = latest(subscribe, firstLetter, AbortSignal.abort());
    expect((await stream.next()).done).toBe(true);
    expect(count()).toBe(0);
  });
});
