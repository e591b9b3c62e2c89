import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noRedis, redisCli, startRedis } from '../../src-main/connectors/servers/redis.testing.ts';
import type { Server } from '../../src-main/connectors/servers/server.testing.ts';
import { filesBelow } from '../kills/files.ts';
import { tidy } from '../kills/command-line.ts';
import { newPerson, rowsOf } from './person.ts';

const password = 'kfx83qpzm112';

describe.skipIf(noRedis !== null)(`airports are kept in Redis and looked up there${noRedis === null ? '' : ` (${noRedis})`}`, () => {
  let server: Server;
  beforeAll(async () => {
    server = await startRedis({ config: [`requirepass ${password}`] });
  });
  afterAll(() => server.stop());
  afterEach(() => tidy());
  /** What a second client reads, without lengths. */
  const see = async (...command: readonly string[]): Promise<readonly string[]> => (await redisCli(server.port, ['AUTH', password], command)).split('\r\n').filter((line) => line !== '' && line !== '+OK' && !/^[$*][\d-]+$/.test(line));

  test('each airport is a hash, those of Alaska are a list; the next run finds them, and leaves no password behind', async () => {
    const person = newPerson();
    await person.connect('Cache', 'redis', { host: '127.0.0.1', port: server.port }, { field: 'password', value: password });
    const file = person.take('airports-in-redis');
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    const airports = await rowsOf(`SELECT * FROM read_csv('${join(person.folder, 'data/airports.csv')}', all_varchar = true, nullstr = '')`);
    const alaska = airports.filter((row) => row[3] === 'AK').map((row) => row[0]);
    expect(await see('DBSIZE')).toEqual([`:${airports.length + 1}`]);
    expect(await see('HMGET', 'airport:SFO', 'name', 'city', 'state')).toEqual(['San Francisco International', 'San Francisco', 'CA']);
    expect(await see('LRANGE', 'airports:AK', '0', '-1')).toEqual(alaska);

    const again = await person.run(file);
    expect(again).toMatchObject({ status: 'completed' });
    const shown = again.console.flatMap(({ node, text }) => (node === 'show' ? [text] : [])).join('\n');
    expect(shown).toContain('San Francisco International');
    expect(shown).toContain('Ted Stevens Anchorage International');
    expect(await see('DBSIZE')).toEqual([`:${airports.length + 1}`]);
    expect(await see('LLEN', 'airports:AK')).toEqual([`:${alaska.length * 2}`]);
    for (const path of filesBelow(person.folder)) expect(readFileSync(join(person.folder, path)).includes(password), path).toBe(false);
  });

  test('a wrong password is told, with what to do, and the run fails without a trace of the password', async () => {
    const person = newPerson();
    await person.connect('Cache', 'redis', { host: '127.0.0.1', port: server.port }, { field: 'password', value: 'wrj77vbnd905' });
    const ran = await person.run(person.take('airports-in-redis'));
    expect(ran).toMatchObject({ status: 'failed', error: { code: 'permission', message: expect.stringContaining('password is wrong') as string, remedy: expect.stringContaining('Settings') as string } });
    expect(ran.said.stdout + ran.said.stderr).not.toContain('wrj77vbnd905');
  });
});
