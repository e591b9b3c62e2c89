import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { canMount, expectSentence, millrace, newDisk, newFolder, tidy, workflowFile } from './command-line.ts';
import { filesBelow, isHalf } from './files.ts';
import { job, KINDS, layOut } from './jobs.ts';
import { liveThrough } from './exact.ts';
import { newLedger, startLife } from './studio-process.ts';
import { judge, PROMISES } from './verdict.ts';

const built = inject('built');
afterEach(tidy);

/** Leaves so many bytes of a disk free. */
function fill(disk: string, leave: number): void {
  const filler = join(disk, 'filler');
  writeFileSync(filler, '');
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    const much = Math.min(bavail * bsize - leave, 1 << 20);
    if (much <= 0) return;
    try {
      appendFileSync(filler, Buffer.alloc(much));
    } catch (error) {
      // Somebody else took the last of it meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
const free = (disk: string): void => rmSync(join(disk, 'filler'));

const rows = (path: string, more: object = {}): object => ({
  formatVersion: 1,
  id: 'rows',
  name: 'Rows',
  nodes: [
    { id: 'n', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 300_000, step: 1 } },
    { id: 'h', type: 'transform', nodeType: 'map.transform', config: { columns: [{ name: 'h', expression: 'md5(value::VARCHAR)' }] } },
    { id: 'out', type: 'sink', nodeType: 'file.text', config: { path, ...more } },
  ],
  edges: [
    { id: 'a', source: 'n', target: 'h' },
    { id: 'b', source: 'h', target: 'out' },
  ],
});

describe.skipIf(!canMount)("the disk of a sink's file is full", () => {
  test.each([
    ['CSV', 'rows.csv', {}],
    ['CSV, appended', 'rows.csv', { append: true }],
    ['Parquet', 'rows.parquet', {}],
    ['Arrow', 'rows.arrow', {}],
  ] as const)('%s: the node fails with a sentence, no half file is left and the old one stands', async (_what, name, config) => {
    const [folder, disk] = [newFolder(), newDisk(2)];
    const old = 'value,h\n0,what was there before\n';
    writeFileSync(join(disk, name), old);
    const data = join(folder, 'data');
    const said = await millrace(built, ['run', workflowFile(folder, rows(join(disk, name), config)), '--data-dir', data, '--json']);
    expectSentence(said, /full|no space/i);
    expect(JSON.parse(said.stdout)).toMatchObject({ status: 'failed', failedNode: 'out' });
    expect(readdirSync(disk)).toEqual([name]);
    expect(readFileSync(join(disk, name), 'utf8')).toBe(old);
    expect((await millrace(built, ['journal', 'verify', '--data-dir', data])).code).toBe(0);
  });

  test('a transfer: the node fails with a sentence, no half file is left', async () => {
    const [folder, disk] = [newFolder(), newDisk(2)];
    writeFileSync(join(folder, 'big.bin'), Buffer.alloc(5 << 20, 'x'));
    const workflow = { formatVersion: 1, id: 'copy', name: 'Copy', nodes: [{ id: 'copy', type: 'sink', nodeType: 'file.transfer', config: { source: join(folder, 'big.bin'), target: `${disk}/` } }], edges: [] };
    const said = await millrace(built, ['run', workflowFile(folder, workflow), '--data-dir', join(folder, 'data'), '--json']);
    expectSentence(said, /full/i);
    expect(JSON.parse(said.stdout)).toMatchObject({ status: 'failed', failedNode: 'copy' });
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe.skipIf(!canMount)("the data folder's disk is full", () => {
  test.each([0, 16, 96, 256, 512])('with %i KiB left: a sentence, nothing half-written, and all ends when there is room again', async (kib) => {
    const [folder, disk] = [newFolder(), newDisk(24)];
    const [data, work] = [join(disk, 'data'), join(folder, 'work')];
    mkdirSync(work);
    layOut(work, []);
    const files = ['kept', 'plain'].map((kind, k) => workflowFile(work, job(k, kind).workflow));
    const [kept = '', plain = ''] = files;
    expect((await millrace(built, ['run', plain, '--data-dir', data])).code).toBe(0);
    rmSync(join(work, '1-plain.csv'));
    fill(disk, kib << 10);
    const said = await millrace(built, ['run', kept, '--data-dir', data]);
    if (said.code !== 0) expectSentence(said, /full/i);
    expect(filesBelow(work).filter(isHalf)).toEqual([]);
    free(disk);
    expect((await millrace(built, ['journal', 'verify', '--data-dir', data])).stdout).toContain('all is well');
    // The next command goes on with what stood still.
    expect((await millrace(built, ['run', plain, '--data-dir', data])).code).toBe(0);
    const { runs } = JSON.parse((await millrace(built, ['runs', '--data-dir', data, '--json'])).stdout) as { runs: { status: string; error: string | null }[] };
    for (const run of runs) if (run.status !== 'completed') expect([run.status, run.error]).toEqual(['failed', expect.stringMatching(/full/i)]);
    expect(filesBelow(data).filter((path) => path.startsWith('scratch/') || /\.(part|new|tmp)$/.test(path))).toEqual([]);
    expect((await millrace(built, ['journal', 'verify', '--data-dir', data])).stdout).toContain('all is well');
  });

  test('in the midst of many runs: none is lost, and the next studio ends them', async () => {
    const kinds = KINDS.filter((kind) => kind !== 'moved');
    const calm = await liveThrough(built, kinds, [], 'die-at-commit');
    const [folder, disk] = [newFolder(), newDisk(48)];
    const [dataDir, work] = [join(disk, 'data'), join(folder, 'work')];
    mkdirSync(work);
    layOut(work, kinds.map((kind, k) => job(k, kind)));
    const ledger = newLedger();
    const orders = { dataDir, folder: work, kinds, atOnce: 5 };
    const first = startLife(built, orders, ledger, 0);
    await first.heard('open');
    while (ledger.ended.size < 3 && !first.isGone()) await Promise.race([pause(10), first.gone]);
    fill(disk, 0);
    // It may end by itself, with a sentence, or stand still; then it is ended as a person would.
    await Promise.race([first.gone, pause(3000)]);
    first.child.kill('SIGKILL');
    await first.gone;
    free(disk);
    const second = startLife(built, orders, ledger, 0);
    expect([await second.gone, second.stderr.join('')]).toEqual([0, '']);
    const verdict = await judge({ ...calm, folder, dataDir, work, ledger, problems: [] }, calm);
    // What could not be written to the full disk failed, with a sentence; nothing else is wrong.
    const wrong = PROMISES.filter((promise) => promise !== 'runs' && promise !== 'outputs').flatMap((promise) => verdict[promise]);
    expect(wrong).toEqual([]);
    expect(verdict.runs.filter((what) => /, run |acknowledged|asked for/.test(what) && !/full/i.test(what))).toEqual([]);
    rmSync(calm.folder, { recursive: true, force: true });
  });
});
