import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { json, personAtWork } from './millrace.testing.ts';
import type { Outcome } from './millrace.testing.ts';

const { millrace, path, write, cli } = personAtWork();
const SECRET = 'correct horse battery';

/** The command line with something on its standard input. */
function fed(input: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, MILLRACE_DATA_DIR: path('data'), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }));
  });
}
const everything = (): string => readdirSync(path('data'), { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [readFileSync(join(one.parentPath, one.name), 'latin1')] : [])).join('\n');

beforeAll(() => mkdirSync(path('data')));

test('a connection is set up with its secret from standard input or the environment, listed without it, changed and removed', async () => {
  expect(await millrace(['connections', 'list'])).toMatchObject({ code: 0, out: expect.stringContaining('No connections') });
  const made = await fed(`${SECRET}\n`, ['connections', 'set', 'Shop', '--kind', 'postgresql', '--setting', 'database=shop', '--setting', 'port=6543', '--secret', 'password']);
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining('“Shop” is saved') });
  const changed = json(await fed('', ['connections', 'set', 'Shop', '--setting', 'user=reader', '--setting', 'port=', '--secret-env', 'clientKey=SOME_KEY', '--json'], { SOME_KEY: 'a client key' }));
  expect(changed).toMatchObject({ name: 'Shop', settings: { database: 'shop', user: 'reader' }, secrets: { password: true, clientKey: true } });
  expect(changed['settings']).not.toHaveProperty('port');
  const listed = await millrace(['connections', 'list']);
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toMatch(/^Shop +postgresql +password, clientKey +database=shop user=reader$/mu);
  expect(json(await millrace(['connections', 'list', '--json']))).toMatchObject({ connections: [{ name: 'Shop' }], store: { kind: 'keyFile' } });
  expect(everything()).not.toContain(SECRET);
  expect(await millrace(['connections', 'set', 'Shop', '--forget', 'clientKey'])).toMatchObject({ code: 0 });
  expect(json(await millrace(['connections', 'list', '--json']))).toMatchObject({ connections: [{ secrets: { password: true, clientKey: false } }] });
  expect(await millrace(['connections', 'remove', 'Shop'])).toMatchObject({ code: 0 });
  expect(json(await millrace(['connections', 'list', '--json']))).toMatchObject({ connections: [] });
});

test.each([
  ['no kind', ['set', 'New', '--setting', 'database=x'], 2, /--kind: A new connection needs its kind/],
  ['an unknown kind', ['set', 'New', '--kind', 'oracle'], 2, /no kind of connection called “oracle”/],
  ['a setting that does not fit', ['set', 'New', '--kind', 'postgresql', '--setting', 'database=x', '--setting', 'port=many'], 2, /port: .*whole number/],
  ['a setting without a value', ['set', 'New', '--kind', 'postgresql', '--setting', 'database'], 2, /--setting/],
  ['a secret in the arguments', ['set', 'New', '--kind', 'postgresql', '--setting', 'password=x', '--setting', 'database=x'], 2, /password: .*is a secret/],
  ['a variable that is not set', ['set', 'New', '--kind', 'postgresql', '--setting', 'database=x', '--secret-env', 'password=NOT_SET_AT_ALL'], 2, /NOT_SET_AT_ALL is not set/],
  ['a name that is none', ['set', '/etc', '--kind', 'postgresql', '--setting', 'database=x'], 2, /can’t be the name/],
  ['nothing to remove', ['remove', 'Gone'], 1, /no connection called “Gone”/],
  ['nothing to try', ['test', 'Gone'], 1, /no connection called “Gone”/],
])('refuses %s', async (_what, args, code, sentence) => {
  expect(await millrace(['connections', ...args])).toMatchObject({ code, err: expect.stringMatching(sentence) });
  expect(existsSync(path('data/connections.json')) ? readFileSync(path('data/connections.json'), 'utf8') : '').not.toContain('New');
});

test('a key that is another’s is said by the list, and what it does not open can be entered again', async () => {
  const mine = { MILLRACE_KEY: 'a key that somebody has chosen' };
  await fed(SECRET, ['connections', 'set', 'Keyed', '--kind', 'redis', '--secret', 'password'], mine);
  const listed = await millrace(['connections', 'list'], undefined, { env: { MILLRACE_KEY: 'another key altogether' } });
  expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('password (can’t be opened)'), err: expect.stringMatching(/warning: .*“Keyed”/u) });
  expect((await millrace(['connections', 'list'], undefined, { env: mine })).err).toBe('');
  await millrace(['connections', 'remove', 'Keyed']);
});

const asking = (connection: string, query = 'SELECT 1 AS one'): object => ({
  formatVersion: 1,
  id: 'asking',
  name: 'Asking',
  nodes: [
    { id: 'ask', type: 'source', nodeType: 'sql.query', config: { connection, query } },
    { id: 'log', type: 'sink', nodeType: 'console.log' },
  ],
  edges: [{ id: 'e', source: 'ask', target: 'log' }],
});

test('a workflow whose connection is missing is valid, with a warning; to run it is refused, and an import says what is missing', async () => {
  const file = write('asking.json', asking('Books'));
  expect(await millrace(['validate', path(file)])).toMatchObject({ code: 0, err: expect.stringMatching(/^warning: ask · connection: There is no connection called “Books” here\./mu) });
  expect(json(await millrace(['validate', path(file), '--json']))).toMatchObject({ valid: true, problems: [{ code: 'connection_missing', node: 'ask', field: 'connection', severity: 'warning' }] });
  const refused = await millrace(['run', path(file)]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('There is no connection called “Books” here.') });
  expect(json(await millrace(['run', path(file), '--json']))).toMatchObject({ status: 'invalid', problems: [{ code: 'connection_missing', severity: 'error', node: 'ask', field: 'connection' }] });
  expect((await millrace(['runs'])).out).not.toContain('Asking');
  expect(await millrace(['import', path(file)])).toMatchObject({ code: 0, err: expect.stringMatching(/^missing: the connection “Books” \(postgresql or mysql or sqlite or duckdb\), used by ask\./mu) });
  expect(json(await millrace(['import', path(file), '--json']))).toMatchObject({ missing: [{ name: 'Books', nodes: ['ask'] }] });

  expect(await millrace(['connections', 'set', 'Books', '--kind', 'redis'])).toMatchObject({ code: 0 });
  expect(await millrace(['run', path(file)])).toMatchObject({ code: 2, err: expect.stringContaining('is of the kind Redis') });
  await millrace(['connections', 'remove', 'Books']);
  new Database(path('books.sqlite')).exec('CREATE TABLE a (b)').close();
  expect(await millrace(['connections', 'set', 'Books', '--kind', 'sqlite', '--setting', `path=${path('books.sqlite')}`])).toMatchObject({ code: 0 });
  expect(await millrace(['validate', path(file)])).toMatchObject({ code: 0, err: '' });
  expect(await millrace(['run', path(file)])).toMatchObject({ code: 0 });
  expect(await millrace(['connections', 'test', 'Books'])).toMatchObject({ code: 0, out: expect.stringMatching(/“Books” works: SQLite/u) });
  await millrace(['connections', 'set', 'Books', '--setting', `path=${path('nowhere/at/all.sqlite')}`]);
  expect(await millrace(['connections', 'test', 'Books'])).toMatchObject({ code: 1, out: expect.stringMatching(/✗ file/u), err: expect.stringContaining('does not work') });
});
