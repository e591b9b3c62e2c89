import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The borders of the layout, each tried once with a violation: a rule that stops biting fails here. */
const root = resolve(import.meta.dirname, '..');
let tree = '';

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
};

/** A tree of the same shape with one innocent file a folder, under the project's own settings. */
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'boundaries-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.base.json', 'package.json']) cpSync(join(root, file), join(tree, file));
  for (const project of ['src-shared', 'src-main', 'src-main/engine', 'src-preload', 'src-renderer']) {
    mkdirSync(join(tree, project), { recursive: true });
    cpSync(join(root, project, 'tsconfig.json'), join(tree, project, 'tsconfig.json'));
  }
  mkdirSync(join(tree, 'node_modules'));
  // Linked one by one, so that what the compiler writes under node_modules/.cache stays in this tree.
  for (const name of ['@types', '@duckdb', 'zod', 'electron', 'react', 'vite', 'oxlint', 'undici-types', 'better-sqlite3']) {
    symlinkSync(join(root, 'node_modules', name), join(tree, 'node_modules', name));
  }
  put('src-shared/word.ts', 'export const word = 1;\n');
  put('src-main/engine/word.ts', "import { word } from '#shared/word';\nexport const engineWord = word;\n");
  put('src-main/nodes/define.ts', "export const define = 'a';\n");
  put('src-main/nodes/other/run.ts', 'export const other = 1;\n');
  put('src-main/journal/word.ts', 'export const journalWord = 1;\n');
  put('src-main/hosts/cli/word.ts', 'export const cliWord = 1;\n');
  put('src-preload/word.ts', 'export const preloadWord = 1;\n');
  put('src-renderer/word.ts', "import { word } from '#shared/word';\nexport const windowWord = word;\n");
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function run(command: string, args: readonly string[]): { ok: boolean; output: string } {
  try {
    return { ok: true, output: execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: tree, encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    const failed = error as { stdout: string; stderr: string };
    return { ok: false, output: failed.stdout + failed.stderr };
  }
}
const lint = (): { ok: boolean; output: string } => run('oxlint', ['--config', '.oxlintrc.json', 'src-shared', 'src-main', 'src-preload', 'src-renderer']);

function withFile<T>(path: string, text: string, look: () => T): T {
  put(path, text);
  try {
    return look();
  } finally {
    rmSync(join(tree, path));
  }
}

test('the innocent tree passes', () => {
  expect(lint()).toMatchObject({ ok: true });
  for (const project of ['src-shared', 'src-main', 'src-preload', 'src-renderer']) expect(run('tsc', ['-b', project])).toMatchObject({ ok: true });
});

describe('the linter refuses', () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ['Node in shared', 'src-shared/bad.ts', "import { readFile } from 'node:fs/promises';\nexport const bad = readFile;\n"],
    ['React in shared', 'src-shared/bad.ts', "import { useState } from 'react';\nexport const bad = useState;\n"],
    ['main in shared', 'src-shared/bad.ts', "import { journalWord } from '../src-main/journal/word.ts';\nexport const bad = journalWord;\n"],
    ['a package in the engine', 'src-main/engine/bad.ts', "import { z } from 'zod';\nexport const bad = z;\n"],
    ['Node in the engine', 'src-main/engine/bad.ts', "import { readFile } from 'node:fs/promises';\nexport const bad = readFile;\n"],
    ['a neighbour in the engine', 'src-main/engine/bad.ts', "import { journalWord } from '../journal/word.ts';\nexport const bad = journalWord;\n"],
    ['the clock in the engine', 'src-main/engine/bad.ts', 'export const bad = Date.now();\n'],
    ['randomness in the engine', 'src-main/engine/bad.ts', 'export const bad = Math.random();\n'],
    ['another node in a node', 'src-main/nodes/mine/run.ts', "import { other } from '../other/run.ts';\nexport const bad = other;\n"],
    ['the journal in a node', 'src-main/nodes/mine/run.ts', "import { journalWord } from '../../journal/word.ts';\nexport const bad = journalWord;\n"],
    ['electron outside its host', 'src-main/journal/bad.ts', "import { app } from 'electron';\nexport const bad = app;\n"],
    ['electron in another host', 'src-main/hosts/cli/bad.ts', "import { app } from 'electron';\nexport const bad = app;\n"],
    ['the electron host in another host', 'src-main/hosts/cli/bad.ts', "import { bad as other } from '../electron/main.ts';\nexport const bad = other;\n"],
    ['a host outside hosts', 'src-main/journal/bad.ts', "import { cliWord } from '../hosts/cli/word.ts';\nexport const bad = cliWord;\n"],
    ['main in the preload', 'src-preload/bad.ts', "import { journalWord } from '../src-main/journal/word.ts';\nexport const bad = journalWord;\n"],
    ['main in the window', 'src-renderer/bad.ts', "import type { journalWord } from '../src-main/journal/word.ts';\nexport type Bad = typeof journalWord;\n"],
    ['Node in the window', 'src-renderer/bad.ts', "import { readFile } from 'node:fs/promises';\nexport const bad = readFile;\n"],
    ['electron in the window', 'src-renderer/bad.ts', "import { ipcRenderer } from 'electron';\nexport const bad = ipcRenderer;\n"],
  ];
  test.each(bad)('%s', (_name, path, text) => {
    const { ok, output } = withFile(path, text, lint);
    expect(ok, output).toBe(false);
    expect(output).toMatch(/no-restricted-/);
  });

  test('a cycle', () => {
    put('src-main/journal/one.ts', "import { two } from './two.ts';\nexport const one = (): number => two;\n");
    const { ok, output } = withFile('src-main/journal/two.ts', "import { one } from './one.ts';\nexport const two = one();\n", lint);
    rmSync(join(tree, 'src-main/journal/one.ts'));
    expect(ok).toBe(false);
    expect(output).toMatch(/no-cycle/);
  });

  test('a file of more than 300 lines', () => {
    const long = Array.from({ length: 301 }, (_, index) => `export const line${index} = ${index};`).join('\n');
    const { ok, output } = withFile('src-main/journal/long.ts', long, lint);
    expect(ok).toBe(false);
    expect(output).toMatch(/max-lines/);
  });
});

describe('the compiler refuses', () => {
  const bad: readonly (readonly [string, string, string, string])[] = [
    ['Node in shared', 'src-shared', 'src-shared/bad.ts', "import { sep } from 'node:path';\nexport const bad: string = sep;\n"],
    ['the DOM in shared', 'src-shared', 'src-shared/bad.ts', 'export const bad = document.title;\n'],
    ['timers in shared', 'src-shared', 'src-shared/bad.ts', 'export const bad = setTimeout(() => undefined, 1);\n'],
    ['Node in the engine', 'src-main/engine', 'src-main/engine/bad.ts', "import { sep } from 'node:path';\nexport const bad: string = sep;\n"],
    ['a type of main in the window', 'src-renderer', 'src-renderer/bad.ts', "import type { journalWord } from '../src-main/journal/word.ts';\nexport type Bad = typeof journalWord;\n"],
    ['an index that may be missing', 'src-main', 'src-main/journal/bad.ts', 'export const bad = (list: number[]): number => list[0];\n'],
  ];
  test.each(bad)('%s', (_name, project, path, text) => {
    const { ok, output } = withFile(path, text, () => run('tsc', ['-b', project]));
    expect(ok, output).toBe(false);
    expect(output).toMatch(/error TS/);
  });
});

test('no package.json dependency floats', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
});
