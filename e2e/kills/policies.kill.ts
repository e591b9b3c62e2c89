import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { millrace } from './command-line.ts';
import { filesBelow } from './files.ts';
import { newRound } from './round.ts';
import { killNow, newLedger, startLife } from './studio-process.ts';
import type { Life } from './studio-process.ts';

const built = inject('built');

interface Shown {
  readonly status: string;
  readonly error?: { readonly message: string };
}

function begin(kind: string) {
  const round = newRound([kind]);
  const ledger = newLedger();
  return {
    ...round,
    ledger,
    live: (): Life => startLife(built, { dataDir: round.dataDir, folder: round.work, kinds: [kind], atOnce: 1 }, ledger, 0),
    shown: async (): Promise<Shown> => JSON.parse((await millrace(built, ['show', ledger.runs.get(0) ?? '', '--json', '--data-dir', round.dataDir])).stdout) as Shown,
    done: () => rmSync(round.folder, { recursive: true, force: true }),
  };
}

/** Resolves when a node of the run is being worked on. */
async function working(life: Life, from = life.starts()): Promise<void> {
  while (life.starts() <= from && !life.isGone()) await life.nextEvent();
}

/** Kills the studio in the midst of the work, its run acknowledged. */
async function interrupt({ live, ledger }: ReturnType<typeof begin>): Promise<void> {
  const life = live();
  await working(life, 0);
  while (ledger.runs.size === 0 && !life.isGone()) await life.nextEvent();
  expect(killNow(life.child.pid)).toBe(true);
  expect(await life.gone).toBe('SIGKILL');
}

test('recovery `fail`: the next studio ends the run and says why', async () => {
  const begun = begin('gives');
  const { live, shown, done, work } = begun;
  await interrupt(begun);
  expect(await live().gone).toBe(0);
  expect(await shown()).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/studio/i) as string } });
  expect(filesBelow(work).filter((path) => path.includes('gives'))).toEqual([]);
  done();
});

test('recovery `ask`: the next studio asks, also the one after it, and the answer lets the run go on', async () => {
  const begun = begin('asks');
  const { live, shown, done, work, dataDir, ledger } = begun;
  await interrupt(begun);
  for (let times = 0; times < 2; times += 1) {
    const life = live();
    await life.heard('open');
    while (ledger.paused.size === 0) await life.nextEvent();
    ledger.paused.clear();
    killNow(life.child.pid);
    await life.gone;
    expect(await shown()).toMatchObject({ status: 'paused' });
  }
  const said = await millrace(built, ['answer', ledger.runs.get(0) ?? '', 'repeat', '--data-dir', dataDir]);
  expect([said.code, said.stderr]).toEqual([0, expect.not.stringMatching(/^millrace:/m)]);
  expect(await shown()).toMatchObject({ status: 'completed' });
  expect(existsSync(join(work, '0-asks.csv'))).toBe(true);
  done();
});

test('a run whose studio dies each time it gets to work is ended after the third time in vain, with the reason', async () => {
  const begun = begin('heavy');
  const { live, shown, done } = begun;
  for (let times = 0; times < 3; times += 1) await interrupt(begun);
  expect(await live().gone).toBe(0);
  expect(await shown()).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/\w+ .+\./) as string } });
  done();
});

test('a run whose worker dies each time is ended after the third time in vain, and the studio lives', async () => {
  const { live, shown, done, ledger } = begin('heavy');
  const life = live();
  await life.heard('open');
  const dead = new Set<number>();
  for (let starts = 0; !ledger.ended.has(0) && !life.isGone(); starts = life.starts()) {
    await working(life, starts);
    // Which of them has the run it does not say.
    for (const pid of life.workers) if (!dead.has(pid) && killNow(pid)) dead.add(pid);
  }
  expect(await life.gone).toBe(0);
  expect(ledger.ended.get(0)).toBe('failed');
  expect(dead.size).toBeGreaterThanOrEqual(3);
  expect(await shown()).toMatchObject({ status: 'failed' });
  done();
});
