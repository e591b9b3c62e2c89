import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import { startProxy } from '../../connectors/servers/proxy.testing.ts';
import { sshdMissing, startSshd } from '../../connectors/servers/sshd.testing.ts';
import type { Sshd } from '../../connectors/servers/sshd.testing.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const MB = 1_000_000;
const list = (path: string): readonly string[] => readdirSync(path, { recursive: true }).map(String).toSorted();
const isPart = (name: string): boolean => name.endsWith('.part');

describe.skipIf(sshdMissing !== null)(`with OpenSSH’s server${sshdMissing === null ? '' : `, which is missing: ${sshdMissing}`}`, () => {
  let sshd: Sshd;
  let folder: string;
  let far: string;
  let count = 0;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  beforeEach(() => {
    folder = testFolder();
    far = join(sshd.home, `t${(count += 1)}`);
    mkdirSync(far);
    chmodSync(far, 0o777);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(far, { recursive: true, force: true });
  });

  function put(base: string, name: string, content: string | Buffer, seconds = 1_700_000_000): void {
    const path = join(base, name);
    mkdirSync(dirname(path), { recursive: true });
    for (let at = dirname(path); at.startsWith(far); at = dirname(at)) chmodSync(at, 0o777);
    writeFileSync(path, content);
    utimesSync(path, seconds, seconds);
  }
  const run = (config: Parameters<typeof runNode>[1], given: { readonly connection?: OpenConnection; readonly rows?: TestRows; readonly signal?: AbortSignal; readonly attempt?: number } = {}) =>
    runNode(node, { connection: 'files', ...config }, {
      folder, connections: [given.connection ?? sshd.connection({ folder: far })],
      ...(given.rows === undefined ? {} : { inputs: { in: given.rows } }), ...(given.signal === undefined ? {} : { signal: given.signal }), ...(given.attempt === undefined ? {} : { attempt: given.attempt }),
    });

  test.each(['size', 'sha256'])('a folder goes there and comes back with its folders, contents and times, verified by %s; again, everything is skipped', async (verify) => {
    const big = randomBytes(5 * MB);
    put(folder, 'in/big.bin', big);
    put(folder, 'in/sub/deep/b.txt', 'beta');
    put(folder, 'in/empty', '');
    expect((await run({ direction: 'upload', source: 'in', target: 'there', verify })).report).toEqual({ copied: 3, bytes: 5 * MB + 4 });
    expect(list(join(far, 'there'))).toEqual(['big.bin', 'empty', 'sub', 'sub/deep', 'sub/deep/b.txt']);
    expect(readFileSync(join(far, 'there/big.bin')).equals(big)).toBe(true);
    expect(statSync(join(far, 'there/empty')).mtimeMs).toBe(1_700_000_000_000);
    expect((await run({ direction: 'upload', source: 'in', target: 'there', verify })).report).toEqual({ skipped: 3 });
    expect((await run({ direction: 'download', source: 'there', target: 'back', verify })).report).toMatchObject({ copied: 3 });
    expect(readFileSync(join(folder, 'back/big.bin')).equals(big)).toBe(true);
    expect(statSync(join(folder, 'back/sub/deep/b.txt')).mtimeMs).toBe(1_700_000_000_000);
    expect((await run({ direction: 'download', source: 'there', target: 'back', verify })).report).toEqual({ skipped: 3 });
  });

  test('odd names and many small files', async () => {
    const names = ['-rf', 'with space.txt', '名字.txt', 'é"quote\'.txt', '.hidden', 'percent%20.txt', 'x'.repeat(255)];
    for (const name of names) put(folder, `in/${name}`, name);
    for (let n = 0; n < 200; n += 1) put(folder, `in/many/f${n}.txt`, String(n));
    expect((await run({ direction: 'upload', source: 'in', target: 'there' })).report).toMatchObject({ copied: 207 });
    for (const name of names) expect(readFileSync(join(far, 'there', name), 'utf8')).toBe(name);
    await run({ direction: 'download', source: 'there', target: 'back' });
    expect(list(join(folder, 'back'))).toEqual(list(join(folder, 'in')));
  });

  test('a pattern is matched at the server, and rows may give the paths', async () => {
    for (const name of ['a/x.csv', 'a/y.txt', 'b/deep/z.csv', 'top.csv']) put(far, name, name);
    await run({ direction: 'download', source: '**/*.csv', target: 'all' });
    expect(list(join(folder, 'all')).filter((name) => name.endsWith('.csv'))).toEqual(['a/x.csv', 'b/deep/z.csv', 'top.csv']);
    await run({ direction: 'download', source: '[ab]/*.{csv,txt}', target: 'some' });
    expect(list(join(folder, 'some'))).toEqual(['a', 'a/x.csv', 'a/y.txt']);
    expect((await run({ direction: 'download', target: 'rows/' }, { rows: [{ path: 'a/x.csv' }, { path: null }] })).report).toMatchObject({ copied: 1, 'rows without a path': 1 });
    await expect(run({ direction: 'download', source: '*.zip', target: 'x' })).rejects.toMatchObject({ code: 'io', message: 'No file matches the pattern.' });
  });

  test('move takes the source away, there and back and on the server', async () => {
    put(folder, 'in/a.txt', 'alpha');
    const gone = await run({ direction: 'upload', source: 'in', target: 'there', mode: 'move' });
    expect([gone.report, gone.intents.length, list(join(folder, 'in'))]).toEqual([{ moved: 1, bytes: 5 }, 1, []]);
    await run({ direction: 'remote', source: 'there', target: 'elsewhere', mode: 'move', overwrite: 'always' });
    expect([list(join(far, 'there')), list(join(far, 'elsewhere'))]).toEqual([[], ['a.txt']]);
    await run({ direction: 'download', source: 'elsewhere/a.txt', target: 'in/', mode: 'move' });
    await run({ direction: 'download', source: 'elsewhere/a.txt', target: 'in/a.txt', mode: 'move' }, { attempt: 2 });
    expect([list(join(far, 'elsewhere')), readFileSync(join(folder, 'in/a.txt'), 'utf8')]).toEqual([[], 'alpha']);
  });

  test('mirror copies what differs and removes what is gone; never onto the user’s own folder', async () => {
    put(folder, 'in/a.txt', 'alpha');
    put(far, 'there/a.txt', 'other', 1_800_000_000);
    put(far, 'there/old/gone.txt', 'x');
    expect((await run({ direction: 'upload', source: 'in', target: 'there', mode: 'sync' })).report).toMatchObject({ copied: 1, removed: 1 });
    expect(list(join(far, 'there'))).toEqual(['a.txt', 'old']);
    await expect(run({ direction: 'upload', source: 'in', target: '/', mode: 'sync' })).rejects.toMatchObject({ place: 'target' });
    await expect(run({ direction: 'remote', source: 'there/old', target: 'there', mode: 'sync' })).rejects.toMatchObject({ place: 'target' });
  });

  test.each([['never', 'old'], ['ifNewer', 'old'], ['always', 'alpha']])('overwrite %s leaves %s where the target is newer', async (overwrite, result) => {
    put(folder, 'a.txt', 'alpha');
    put(far, 'a.txt', 'old', 1_800_000_000);
    await run({ direction: 'upload', source: 'a.txt', target: 'a.txt', overwrite });
    expect(readFileSync(join(far, 'a.txt'), 'utf8')).toBe(result);
  });

  test('links: those to files are followed, those to folders and dead ones are not, and nothing is written through one that leads out', async () => {
    put(far, 'else/secret.txt', 's');
    put(far, 'in/a.txt', 'alpha');
    symlinkSync(join(far, 'in/a.txt'), join(far, 'in/linked.txt'));
    symlinkSync(join(far, 'else'), join(far, 'in/folder'));
    symlinkSync(join(far, 'nowhere'), join(far, 'in/dead'));
    await run({ direction: 'download', source: 'in', target: 'got' });
    expect(list(join(folder, 'got'))).toEqual(['a.txt', 'linked.txt']);
    mkdirSync(join(far, 'out'));
    chmodSync(join(far, 'out'), 0o777);
    symlinkSync(join(far, 'else'), join(far, 'out/sub'));
    put(folder, 'up/sub/x.txt', 'x');
    await expect(run({ direction: 'upload', source: 'up', target: 'out' })).rejects.toMatchObject({ message: 'A link in the target leads out of it.' });
    expect(list(join(far, 'else'))).toEqual(['secret.txt']);
  });

  test('what the server refuses is told with its place', async () => {
    put(far, 'locked/a.txt', 'a');
    put(folder, 'a.txt', 'alpha');
    rmSync(join(far, 'locked'), { recursive: true });
    mkdirSync(join(far, 'locked'));
    chmodSync(join(far, 'locked'), 0o555);
    await expect(run({ direction: 'upload', source: 'a.txt', target: 'locked/' })).rejects.toMatchObject({ code: 'permission', place: expect.stringMatching(/^sftp:\/\/127\.0\.0\.1:\d+\/.*locked/) as string });
    chmodSync(join(far, 'locked'), 0o755);
    await expect(run({ direction: 'download', source: 'gone.txt', target: 'x' })).rejects.toMatchObject({ code: 'io', message: 'The file or folder doesn’t exist on the server.' });
    await expect(run({ direction: 'upload', source: 'a.txt', target: 'x' }, { connection: sshd.connection({ folder: join(far, 'gone') }) })).rejects.toMatchObject({ code: 'io', message: 'The connection’s folder doesn’t exist on the server.' });
  });

  test('to a server with another host key nothing is sent', async () => {
    put(folder, 'a.txt', 'alpha');
    await expect(run({ direction: 'upload', source: 'a.txt', target: 'a.txt' }, { connection: sshd.connection({ folder: far, hostKey: 'SHA256:other' }) })).rejects.toMatchObject({ code: 'permission', detail: sshd.fingerprint });
    expect(list(far)).toEqual([]);
  });

  const DIRECTIONS = [['upload', 'up'], ['download', 'down']] as const;
  test.each(DIRECTIONS)('%s: a line cut in the middle leaves no file, and the next run continues the part', async (direction, way) => {
    const big = randomBytes(12 * MB);
    const [source, target] = direction === 'upload' ? [folder, far] : [far, folder];
    put(source, 'big.bin', big);
    const proxy = await startProxy(sshd.port);
    proxy.cutAfter(way, 8 * MB);
    const connection = sshd.connection({ folder: far, port: proxy.port });
    await expect(run({ direction, source: 'big.bin', target: 'big.bin' }, { connection })).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/line to the server broke|closed the line/) as string });
    expect(list(target).map(isPart)).toEqual([true]);
    const before = way === 'up' ? proxy.sent() : proxy.received();
    // Through a proxy on another port the same file is another source for a download: the same proxy serves again.
    const { report } = await run({ direction, source: 'big.bin', target: 'big.bin', verify: 'sha256' }, { connection: direction === 'upload' ? sshd.connection({ folder: far }) : connection });
    expect(report['bytes continued']).toBeGreaterThan(2 * MB);
    expect(before).toBeGreaterThan(7 * MB);
    expect(list(target)).toEqual(['big.bin']);
    expect(readFileSync(join(target, 'big.bin')).equals(big)).toBe(true);
    await proxy.close();
  });

  test('a part whose bytes are not the source’s is begun anew, and one of an older source is not continued but removed', async () => {
    const big = randomBytes(12 * MB);
    put(folder, 'big.bin', big);
    const proxy = await startProxy(sshd.port);
    proxy.cutAfter('up', 8 * MB);
    await expect(run({ direction: 'upload', source: 'big.bin', target: 'big.bin' }, { connection: sshd.connection({ folder: far, port: proxy.port }) })).rejects.toMatchObject({ code: 'io' });
    const [part = ''] = list(far);
    const wrong = readFileSync(join(far, part));
    wrong.fill(0, 100, 200);
    writeFileSync(join(far, part), wrong);
    expect((await run({ direction: 'upload', source: 'big.bin', target: 'big.bin' })).report['bytes continued']).toBeUndefined();
    expect(readFileSync(join(far, 'big.bin')).equals(big)).toBe(true);
    rmSync(join(far, 'big.bin'));
    proxy.cutAfter('up', 8 * MB);
    await expect(run({ direction: 'upload', source: 'big.bin', target: 'big.bin' }, { connection: sshd.connection({ folder: far, port: proxy.port }) })).rejects.toMatchObject({ code: 'io' });
    put(folder, 'big.bin', 'small now', 1_750_000_000);
    expect((await run({ direction: 'upload', source: 'big.bin', target: 'big.bin' })).report['bytes continued']).toBeUndefined();
    expect(list(far)).toEqual(['big.bin']);
    await proxy.close();
  });

  test.each([['unseen', 3 * MB], ['seen', 100]])('a part that is wrong where it is %s by the look at its ends does not become a file when SHA-256 is asked for', async (_what, at) => {
    const big = randomBytes(12 * MB);
    put(folder, 'big.bin', big);
    const proxy = await startProxy(sshd.port);
    proxy.cutAfter('up', 9 * MB);
    await expect(run({ direction: 'upload', source: 'big.bin', target: 'big.bin' }, { connection: sshd.connection({ folder: far, port: proxy.port }) })).rejects.toMatchObject({ code: 'io' });
    const [part = ''] = list(far);
    const wrong = readFileSync(join(far, part));
    wrong.fill(0, at, at + 100);
    writeFileSync(join(far, part), wrong);
    await run({ direction: 'upload', source: 'big.bin', target: 'big.bin', verify: 'sha256' });
    expect(readFileSync(join(far, 'big.bin')).equals(big)).toBe(true);
    await proxy.close();
  });

  test('a line that falls silent in the middle ends the transfer, and stopping ends it too', async () => {
    put(folder, 'big.bin', randomBytes(24 * MB));
    for (const how of ['silent', 'stopped']) {
      const proxy = await startProxy(sshd.port);
      const stop = new AbortController();
      const transferring = run({ direction: 'upload', source: 'big.bin', target: 'big.bin', overwrite: 'always' }, { connection: sshd.connection({ folder: far, port: proxy.port, connectTimeoutMs: how === 'silent' ? 3000 : 60_000 }), signal: stop.signal });
      transferring.catch(() => undefined);
      await expect.poll(() => proxy.sent(), { timeout: 20_000, interval: 1 }).toBeGreaterThan(10_000);
      proxy.stall();
      if (how === 'stopped') stop.abort(new Error('stopped'));
      await expect(transferring).rejects.toMatchObject(how === 'silent' ? { code: 'timeout' } : { message: 'stopped.' });
      expect(existsSync(join(far, 'big.bin'))).toBe(false);
      await proxy.close();
    }
  });

  test('a server without the extensions still gets whole files, and says what it can’t', async () => {
    const plain = await startSshd({ denied: ['posix-rename', 'fsync'] });
    put(folder, 'a.txt', 'new', 1_800_000_000);
    writeFileSync(join(plain.home, 'a.txt'), 'old');
    utimesSync(join(plain.home, 'a.txt'), 1, 1);
    const done = await run({ direction: 'upload', source: 'a.txt', target: 'a.txt' }, { connection: plain.connection() });
    expect(readFileSync(join(plain.home, 'a.txt'), 'utf8')).toBe('new');
    expect(list(plain.home)).toEqual(['a.txt']);
    expect(done.console.join('\n')).toMatch(/fsync@openssh\.com[\s\S]*posix-rename@openssh\.com/);
    await plain.stop();
  });

  test('a server that is killed in the middle leaves no file, and is told when it is not there', async () => {
    const mortal = await startSshd();
    const big = randomBytes(12 * MB);
    put(folder, 'big.bin', big);
    const proxy = await startProxy(mortal.port);
    const transferring = run({ direction: 'upload', source: 'big.bin', target: 'big.bin' }, { connection: mortal.connection({ port: proxy.port }) });
    transferring.catch(() => undefined);
    await expect.poll(() => proxy.sent(), { timeout: 20_000, interval: 1 }).toBeGreaterThan(MB);
    // What serves a line is a child of the server and would outlive it: the line goes with it.
    proxy.refuse(true);
    proxy.cut();
    await mortal.kill();
    await expect(transferring).rejects.toMatchObject({ code: 'io' });
    expect(existsSync(join(mortal.home, 'big.bin'))).toBe(false);
    await expect(run({ direction: 'upload', source: 'big.bin', target: 'big.bin' }, { connection: mortal.connection() })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('Nothing listens') as string });
    await proxy.close();
    await mortal.stop();
  });

  test('a disk that is full at the server is told, and nothing is left there', async (context) => {
    const disk = join(far, 'disk');
    mkdirSync(disk);
    const mounted = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=777', 'tmpfs', disk]).status === 0;
    if (!mounted) context.skip('no disk can be mounted here');
    try {
      put(folder, 'big.bin', randomBytes(3 * MB));
      await expect(run({ direction: 'upload', source: 'big.bin', target: 'disk/big.bin' })).rejects.toMatchObject({ code: 'io', message: 'The disk is full at the server.' });
      expect(list(disk)).toEqual([]);
    } finally {
      spawnSync('/bin/umount', [disk]);
    }
  });
});

test('a direction to a server needs a connection, and files here are named as files here only', async () => {
  await expect(runNode(node, { direction: 'upload', source: 'a', target: 'b' })).rejects.toMatchObject({ place: 'connection' });
  const context = { resolve: (path: string) => `/w/${path}`, requestedAt: new Date(0), runId: 'r' };
  const files = (direction: string) => node.files?.({ direction, source: 'a', target: 'b', mode: 'copy', overwrite: 'always', verify: 'size' }, context);
  expect([files('local'), files('upload'), files('download'), files('remote')]).toEqual([{ reads: ['/w/a'], writes: ['/w/b'] }, { reads: ['/w/a'] }, { writes: ['/w/b'] }, {}]);
});
