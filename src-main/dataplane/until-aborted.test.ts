import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { untilAborted } from './until-aborted.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('gives what the iterator gives, and holds nothing of what was given', async () => {
  const given: WeakRef<object>[] = [];
  async function* source(): AsyncGenerator<{ readonly n: number }> {
    for (let n = 0; n < 50; n += 1) {
      const one = { n };
      given.push(new WeakRef(one));
      yield one;
    }
  }
  const items = untilAborted(source(), new AbortController().signal);
  const seen: number[] = [];
  for (let n = 0; n < 49; n += 1) seen.push(((await items.next()).value as { readonly n: number }).n);
  await new Promise((wake) => void setImmediate(wake));
  collect();
  // The last ones may be in somebody's hands still.
  expect(given.slice(0, 40).filter((one) => one.deref() !== undefined)).toEqual([]);
  for await (const { n } of items) seen.push(n);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

test('an abort ends the waiting for an iterator that never looks at the signal, and it is closed when it can be', async () => {
  const stop = new AbortController();
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const { promise: closed, resolve: tell } = Promise.withResolvers<string>();
  async function* deaf(): AsyncGenerator<number> {
    try {
      yield 1;
      await release;
      yield 2;
    } finally {
      tell('closed');
    }
  }
  const items = untilAborted(deaf(), stop.signal);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  const waiting = items.next();
  stop.abort(new Error('Enough.'));
  await expect(waiting).rejects.toThrow('Enough.');
  resolve();
  expect(await closed).toBe('closed');
  await expect(untilAborted(deaf(), stop.signal).next()).rejects.toThrow('Enough.');
});
