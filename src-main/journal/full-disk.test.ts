import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { createJournal } from './sqlite.ts';
import { temporaryFolder } from './temporary.testing.ts';

const disk = temporaryFolder();
let mounted = false;
const system = (program: string, ...values: readonly string[]): unknown => execFileSync(program, values, { stdio: 'ignore' });

beforeAll(() => {
  if (process.platform !== 'linux') return;
  try {
    system('mount', '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk);
    mounted = true;
  } catch {
    // Without the right to mount, the test says so and is skipped.
  }
});
afterAll(() => {
  if (mounted) system('umount', disk);
});

const long = (n: number) => runHistory({ run: `r${n}`, nodes: 30, at: n * 1000 });

/** Takes what room is left, to the last byte. */
function fill(file: string): void {
  const open = openSync(file, 'w');
  try {
    for (const size of [65_536, 4096, 1]) {
      try {
        for (;;) writeSync(open, Buffer.alloc(size));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
      }
    }
  } finally {
    closeSync(open);
  }
}

it('a disk that is really full: appends are refused with a sentence, nothing is half written, and it goes on when there is room', ({ skip }) => {
  skip(!mounted, 'A small file system can be mounted by root on Linux only.');
  const path = join(disk, 'journal.sqlite');
  const ballast = join(disk, 'ballast');
  const journal = createJournal({ path });
  journal.append('run-r0', 'none', long(0));
  fill(ballast);

  const full = expect.objectContaining({ code: 'io', place: path, message: expect.stringMatching(/disk is full|refused to read or write/) as string, remedy: expect.any(String) as string });
  let written = 1;
  let refused = 0;
  // What the log already has room for may still go in; then nothing more.
  while (refused < 3) {
    const before = journal.lastPosition();
    try {
      journal.append(`run-r${written}`, 'none', long(written));
      written += 1;
    } catch (thrown) {
      expect(thrown).toEqual(full);
      expect(journal.lastPosition()).toBe(before);
      refused += 1;
    }
  }
  expect(() => journal.together(() => journal.append(`run-r${written}`, 'none', long(written)))).toThrow(full);
  const huge = runHistory({ run: 'huge', ballast: 'x'.repeat(400_000) });
  expect(() => journal.append('run-huge', 'none', huge)).toThrow(expect.objectContaining({ code: 'io' }));
  const payloads = (): string[] => (existsSync(join(disk, 'payloads')) ? readdirSync(join(disk, 'payloads'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.')) : []);
  expect(payloads()).toEqual([]);
  // Everything that was acknowledged is there and can be read, by others too.
  const reader = createJournal({ path, readOnly: true });
  for (const one of [journal, reader]) {
    expect(one.readAll(0, 100_000)).toHaveLength(63 * written);
    expect(one.verify()).toMatchObject({ chained: 63 * written, problems: [] });
    expect(one.run(RunId.parse('r0'))?.status).toBe('completed');
  }
  reader.close();

  rmSync(ballast);
  journal.append(`run-r${written}`, 'none', long(written));
  journal.append('run-huge', 'none', huge);
  expect(payloads()).toHaveLength(1);
  expect(journal.verify().problems).toEqual([]);
  expect(journal.remove({ endedBefore: null, keep: 1 }, { limit: 100, at: 1, id: 'removed' })).toHaveLength(written + 1);
  while (journal.shrink(100));
  expect(statSync(path).size).toBeLessThan(300_000);
  journal.close();
});
