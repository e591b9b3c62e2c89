import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, startOf } from './alive.ts';

test('a process is alive until it has ended', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
  expect(startOf(process.pid)).toBe(startOf(process.pid));
});

test.skipIf(process.platform !== 'linux')('one that has ended and that its parent has not asked about is gone', async () => {
  // A shell that becomes a sleep never asks about the child that it had.
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = Number(String(said));
  await expect.poll(() => startOf(child)).toBeNull();
  expect(isAlive(child)).toBe(false);
  expect(startOf(child)).not.toBe(startOf(parent.pid ?? 0));
  parent.kill('SIGKILL');
});
