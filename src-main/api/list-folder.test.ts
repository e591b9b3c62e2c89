import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listFolder } from './list-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a look into a folder', () => {
  it('lists folders first, then files by name and number, without hidden ones and dangling links', async () => {
    for (const name of ['b10.csv', 'b9.csv', '.hidden', '订单.csv']) writeFileSync(join(folder, name), 'abc');
    mkdirSync(join(folder, 'zoo'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    const list = await listFolder(folder);
    expect(list.entries.map((entry) => entry.name)).toEqual(['zoo', 'b9.csv', 'b10.csv', '订单.csv']);
    expect(list.entries[1]).toMatchObject({ kind: 'file', bytes: 3, path: join(folder, 'b9.csv') });
    expect(list.parent).toBe(tmpdir());
  });

  it('has no parent at the root', async () => {
    expect((await listFolder('/')).parent).toBeNull();
  });

  it.each([
    ['a folder that is not there', join(folder, 'none'), 'not_found'],
    ['a file', join(folder, 'b9.csv'), 'invalid_input'],
    ['a relative path', 'here', 'invalid_input'],
  ])('refuses %s by name', async (_what, path, code) => {
    await expect(listFolder(path)).rejects.toMatchObject({ code, place: path });
  });
});
