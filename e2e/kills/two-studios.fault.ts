import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { expectSentence, millrace, newFolder, tidy } from './command-line.ts';
import { KINDS } from './jobs.ts';
import { newRound } from './round.ts';
import { newLedger, startLife } from './studio-process.ts';

const built = inject('built');
const studios: ChildProcess[] = [];
afterEach(() => {
  for (const studio of studios.splice(0)) studio.kill('SIGKILL');
  tidy();
});

/** A served studio; resolves when it has said its address. */
async function serve(dataDir: string): Promise<ChildProcess> {
  const studio = spawn(process.execPath, [join(built, 'cli.js'), 'serve', '--port', '0', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  studios.push(studio);
  await once(studio.stdout, 'data');
  return studio;
}

test('a second studio on a data folder is refused and told whose it is; after the first was killed it starts at once', async () => {
  const data = join(newFolder(), 'data');
  const first = await serve(data);
  for (const args of [['serve', '--port', '0'], ['journal', 'rebuild']]) {
    expectSentence(await millrace(built, [...args, '--data-dir', data]), new RegExp(`Another Millrace is using this data folder \\(process ${first.pid}\\)`));
  }
  first.kill('SIGKILL');
  await once(first, 'exit');
  const second = await serve(data);
  expectSentence(await millrace(built, ['serve', '--port', '0', '--data-dir', data]), new RegExp(`process ${second.pid}`));
});

test('of studios that start at the same moment exactly one opens the folder', async () => {
  const data = join(newFolder(), 'data');
  const started = Array.from({ length: 4 }, () => spawn(process.execPath, [join(built, 'cli.js'), 'serve', '--port', '0', '--data-dir', data], { stdio: ['ignore', 'pipe', 'ignore'] }));
  studios.push(...started);
  const outcomes = await Promise.all(started.map((studio) => Promise.race([once(studio.stdout, 'data').then(() => 'open'), once(studio, 'exit').then(([code]) => `refused ${code}`)])));
  expect(outcomes.toSorted()).toEqual(['open', 'refused 1', 'refused 1', 'refused 1']);
});

test('beside a studio that works, the command line reads: list, run, every check of the journal', async () => {
  const { folder, dataDir, work } = newRound(KINDS);
  const ledger = newLedger();
  const life = startLife(built, { dataDir, folder: work, kinds: KINDS, atOnce: 3 }, ledger, 0);
  await life.heard('open');
  let looks = 0;
  while (!life.isGone()) {
    const [verified, listed] = [await millrace(built, ['journal', 'verify', '--data-dir', dataDir]), await millrace(built, ['runs', '--json', '--data-dir', dataDir])];
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    const { runs } = JSON.parse(listed.stdout) as { runs: { id: string }[] };
    const [newest] = runs;
    if (newest !== undefined) expect((await millrace(built, ['show', newest.id, '--json', '--data-dir', dataDir])).code).toBe(0);
    looks += 1;
  }
  expect(looks).toBeGreaterThan(1);
  expect([await life.gone, ledger.ended.size]).toEqual([0, KINDS.length]);
  rmSync(folder, { recursive: true, force: true });
});
