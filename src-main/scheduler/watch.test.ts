import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '#shared/json';
import { PATIENCE } from '#shared/patience.testing';
import type { Scheduler } from '../studio-types.ts';
import type { HandWound } from './hand-wound.testing.ts';
import { A, MINUTE, reopen, scene, SECOND } from './scheduler.testing.ts';

interface Place {
  readonly root: string;
  readonly inbox: string;
}
function place(): Place {
  const root = mkdtempSync(join(tmpdir(), 'watch-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'inbox'));
  return { root, inbox: join(root, 'inbox') };
}
const watching = (path: string, more: JsonObject = {}): JsonObject => ({ kind: 'watch', path, settleMs: SETTLE, timeZone: 'UTC', ...more });
const SETTLE = 1000;
/** The file system tells in its own time: a little of it, for what may not come. */
const real = (ms = 350): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** A change has been noticed: it has to be quiet from now on. */
const noticed = (hands: HandWound): Promise<void> => vi.waitFor(() => expect(hands.due()).toContain(hands.steady() + SETTLE), PATIENCE);
/** Whoever looks at files has seen them. */
async function seen(): Promise<void> {
  for (let still = 0; still < 20; still += 1) {
    await new Promise((resolve) => void setImmediate(resolve));
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) still = 0;
  }
}
/** Time passes until it is so. */
const until = (hands: HandWound, isSo: () => void): Promise<void> =>
  vi.waitFor(async () => {
    await seen();
    await hands.pass(SETTLE / 4);
    isSo();
  }, PATIENCE);

test('a file that is put into a folder starts one run once it has been quiet, and its removal none', async () => {
  const { inbox } = place();
  const { hands, world, scheduler } = await scene(watching(inbox, { glob: '*.csv' }));
  await real();
  writeFileSync(join(inbox, 'a.csv'), 'a');
  await noticed(hands);
  await hands.pass(500);
  writeFileSync(join(inbox, 'a.csv'), 'ab');
  writeFileSync(join(inbox, 'b.txt'), 'not of it');
  await noticed(hands);
  await hands.pass(900);
  expect(world.starts).toHaveLength(0);
  await until(hands, () => expect(world.story()).toHaveLength(1));
  expect(world.starts[0]?.trigger).toMatchObject({ kind: 'schedule', scheduleId: 'a' });
  await world.endAll();
  rmSync(join(inbox, 'a.csv'));
  await real();
  await hands.pass(5 * SECOND);
  await real();
  expect(world.story()).toHaveLength(1);
  await scheduler.close();
});

test('what changes while nobody runs is missed, and goes by the policy; what was only removed does not count', async () => {
  const { inbox } = place();
  writeFileSync(join(inbox, 'old'), 'old');
  const { hands, world, scheduler } = await scene(watching(inbox));
  await real();
  await scheduler.close();
  rmSync(join(inbox, 'old'));
  const second = await reopen(hands, world, scheduler, MINUTE);
  await real();
  await hands.pass(2 * SECOND);
  await real();
  expect(world.story()).toEqual([]);
  await second.close();
  writeFileSync(join(inbox, 'new'), 'new');
  const third = await reopen(hands, world, second, MINUTE);
  await real();
  await hands.pass(2 * SECOND);
  await until(hands, () => expect(world.story().map((line) => line.replace(/ \S+ /u, ' '))).toEqual(['buffered catchUp', 'fired catchUp']));
  const fourth = await reopen(hands, world, third, MINUTE);
  await real();
  await hands.pass(5 * SECOND);
  await real();
  expect(world.story()).toHaveLength(2);
  await fourth.close();
});

test('what changes during a pause is missed with it, once', async () => {
  const { inbox } = place();
  const { hands, world, scheduler } = await scene(watching(inbox));
  await real();
  await scheduler.pause([A], '');
  for (const name of ['a', 'b']) {
    writeFileSync(join(inbox, name), name);
    await noticed(hands);
    await hands.pass(2 * SECOND);
    await seen();
  }
  await scheduler.resume([A]);
  await hands.pass(5 * SECOND);
  await real();
  expect(world.story().map((line) => line.replace(/ \d\d:\S+ /u, ' '))).toEqual(['paused by person', 'missed paused', 'resumed by person']);
  await scheduler.close();
});

const problemOf = async (scheduler: Scheduler): Promise<string | null | undefined> => (await scheduler.list()).schedules[0]?.problem;

test('a path that is not there is a problem, and is seen once it is', async () => {
  const { root } = place();
  const path = join(root, 'later.csv');
  const { hands, world, scheduler } = await scene(watching(path));
  await vi.waitFor(async () => expect(await problemOf(scheduler)).toContain('There is no such file or folder'), PATIENCE);
  writeFileSync(path, 'here');
  await hands.pass(MINUTE);
  await until(hands, () => expect(world.story()).toHaveLength(1));
  expect(await problemOf(scheduler)).toBeNull();
  await world.endAll();
  // Editors replace a file: that is a change of it.
  writeFileSync(`${path}.new`, 'replaced');
  renameSync(`${path}.new`, path);
  await until(hands, () => expect(world.story()).toHaveLength(2));
  await scheduler.close();
});
