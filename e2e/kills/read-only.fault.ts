import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { canMount, expectSentence, millrace, newFolder, readOnly, tidy, workflowFile } from './command-line.ts';
import { filesBelow } from './files.ts';

const built = inject('built');
afterEach(tidy);

const hello = { formatVersion: 1, id: 'hello', name: 'Hello', nodes: [{ id: 'rows', type: 'source', nodeType: 'memory.collection', config: { data: [1, 2, 3] } }, { id: 'show', type: 'sink', nodeType: 'console.log' }], edges: [{ id: 'e', source: 'rows', target: 'show' }] };

describe.skipIf(!canMount)('a data folder that can only be read', () => {
  test('what writes is refused with a sentence, what reads works, nothing is changed', async () => {
    const folder = newFolder();
    const file = workflowFile(folder, hello);
    const own = join(folder, 'data');
    const done = JSON.parse((await millrace(built, ['run', file, '--data-dir', own, '--json'])).stdout) as { runId: string };
    const before = filesBelow(own);
    const data = readOnly(own);
    for (const args of [['run', file], ['serve', '--port', '0'], ['journal', 'rebuild'], ['import', file]]) {
      const said = await millrace(built, [...args, '--data-dir', data]);
      expectSentence(said, /read|write/);
    }
    const listed = JSON.parse((await millrace(built, ['runs', '--data-dir', data, '--json'])).stdout) as { runs: unknown[] };
    expect(listed.runs).toMatchObject([{ id: done.runId, status: 'completed' }]);
    expect(JSON.parse((await millrace(built, ['show', done.runId, '--data-dir', data, '--json'])).stdout)).toMatchObject({ status: 'completed', nodes: [{ id: 'rows', rowsOut: 3 }, { id: 'show', rowsIn: 3 }] });
    expect(JSON.parse((await millrace(built, ['show', done.runId, '--at', '3', '--data-dir', data, '--json'])).stdout)).toMatchObject({ version: 3 });
    expect((await millrace(built, ['journal', 'verify', '--data-dir', data])).stdout).toContain('all is well');
    expect((await millrace(built, ['journal', 'stats', '--data-dir', data])).code).toBe(0);
    expect((await millrace(built, ['journal', 'export', '--data-dir', data])).stdout.trim().split('\n').length).toBeGreaterThan(5);
    expect(filesBelow(own)).toEqual(before);
  });

  test('a new data folder where nothing may be written is refused with a sentence', async () => {
    const folder = newFolder();
    const data = readOnly(newFolder());
    expectSentence(await millrace(built, ['run', workflowFile(folder, hello), '--data-dir', join(data, 'new')]), /read|write/);
    expectSentence(await millrace(built, ['runs', '--data-dir', data]), /nothing has run here yet|no journal/i);
  });
});
