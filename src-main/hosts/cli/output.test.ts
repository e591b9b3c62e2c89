import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { runFileText } from '../../run-file/write.ts';
import { someRun } from '../../run-file/run-file.testing.ts';
import type { RunContent } from '../../run-file/format.ts';
import { compare } from './compare.ts';
import { printable, printError, table } from './output.ts';
import { show } from './show.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

/** All that is printed while something is done, on either output. */
async function printed(work: () => unknown): Promise<string> {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
  }
  await work();
  vi.restoreAllMocks();
  return text;
}

/** Renames a terminal's window, and clears the screen in one sign. */
const SIGNS = '\u001B]0;mine\u0007\u009B2J';
const fileOf = async (content: RunContent): Promise<string> => {
  const file = join(folder, 'some.run.json');
  writeFileSync(file, await runFileText(content, { data: true, version: '1', now: 0 }));
  return file;
};

test('control characters are spelled out; tabs and ends of lines stay', () => {
  expect(printable(`a\tb\r\nc\n${SIGNS}\r`)).toBe(String.raw`a${'\t'}b${'\r\n'}c${'\n'}\x1b]0;mine\x07\x9b2J\x0d`);
  expect(printable('密码 – é')).toBe('密码 – é');
});

test('a row of a table is one line, whatever its cells hold', () => {
  expect(table(['a', 'b'], [[`x\n${SIGNS}`, 'y']]).split('\n')).toHaveLength(3);
});

test('an error says nothing to the terminal itself', async () => {
  expect(await printed(() => printError({ code: 'io', message: SIGNS, place: SIGNS, detail: SIGNS }))).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('a run of somebody else’s says nothing to the terminal itself', async () => {
  const marked = JSON.parse(JSON.stringify(someRun()).replaceAll('node-1', String.raw`node-1\u001B]0;mine\u0007`).replaceAll('"Orders"', String.raw`"Orders\u009B2J"`)) as RunContent;
  const file = await fileOf({ ...marked, console: [{ node: null, at: 1, level: 'info', text: SIGNS, attempt: null, version: 1 }] });
  const options = { at: undefined, events: false, json: false };
  for (const events of [false, true]) {
    const text = await printed(() => show(folder, file, { ...options, events }));
    expect(text).toContain(String.raw`\x1b`);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  }
  expect(await printed(() => compare(file, file, { dataDir: folder, json: false } as never))).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('a run whose workflow is none that this version knows is shown all the same', async () => {
  const content = someRun();
  const [first, ...rest] = content.events;
  const odd = { ...first!, data: { ...first!.data, workflow: { nodes: [{ id: 'node-1' }, { id: 'node-2', position: 'x' }, { id: 'node-3', config: null }], edges: 'none' } } };
  const text = await printed(async () => show(folder, await fileOf({ ...content, events: [odd, ...rest] }), { at: undefined, events: false, json: false }));
  expect(text).toContain('node-3');
});
