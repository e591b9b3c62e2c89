import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresqlMissing, startPostgresql } from '../../src-main/connectors/servers/postgresql.testing.ts';
import type { PostgresqlServer } from '../../src-main/connectors/servers/postgresql.testing.ts';
import { startProxy } from '../../src-main/connectors/servers/proxy.testing.ts';
import { filesBelow } from '../kills/files.ts';
import { tidy } from '../kills/command-line.ts';
import { PAGE, quakes, startQuakes, TABLE, tableOf } from './earthquakes.ts';
import type { QuakeService } from './earthquakes.ts';
import { newPerson } from './person.ts';
import type { Flow, Person } from './person.ts';

const missing = postgresqlMissing();

/** Waits that a person need not wait for here. */
const hurried = (flow: Flow): void => {
  for (const node of flow.nodes) if (node.retry !== undefined) node.retry = { ...node.retry, initialMs: 200, maxMs: 1000 };
  for (const node of flow.nodes) if (node.nodeType === 'http.request') node.config = { ...node.config, retryFirstMs: 20 };
};

describe.skipIf(missing !== null)(`a web API becomes a table of PostgreSQL${missing === null ? '' : ` (${missing})`}`, () => {
  let database: PostgresqlServer;
  let service: QuakeService;
  beforeAll(async () => {
    database = await startPostgresql();
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    service = await startQuakes();
    await database.run('DROP TABLE IF EXISTS earthquakes');
  });
  afterEach(async () => {
    await service.close();
    tidy();
  });

  const table = () => database.run(TABLE);
  const password = (): string => database.connection().secrets['password'] ?? '';

  async function connect(person: Person, port = database.port): Promise<void> {
    const { user, database: name } = database.connection().settings as { readonly user: string; readonly database: string };
    await person.connect('Earthquake service', 'http', { baseUrl: service.baseUrl, allowPrivate: true });
    await person.connect('Warehouse', 'postgresql', { host: '127.0.0.1', port, database: name, user }, { field: 'password', value: password() });
  }
  test('page by page, every value; the next run corrects what has changed, adds what is new, and leaves the rest', async () => {
    const person = newPerson();
    await connect(person);
    const file = person.take('api-to-postgresql', hurried);
    service.serve(quakes.slice(0, 1000));
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    expect(service.asked.map(({ page, status }) => [page, status])).toEqual([1, 2, 3, 4, 5].map((page) => [page, 200]));
    expect(service.asked[0]?.query).toContain('format=geojson');
    expect(await table()).toEqual(tableOf(quakes.slice(0, 1000)));

    const corrected = quakes.map((quake, index) => (index % 300 === 7 ? { ...quake, properties: { ...quake.properties, mag: (quake.properties.mag ?? 0) + 1, updated: quake.properties.updated + 60_000 } } : quake));
    service.serve(corrected);
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    expect(await table()).toEqual(tableOf(corrected));
    expect(await database.run("SELECT data_type FROM information_schema.columns WHERE table_name = 'earthquakes' ORDER BY ordinal_position")).toEqual(
      ['text', 'numeric', 'text', 'timestamp with time zone', 'timestamp with time zone', 'double precision', 'double precision', 'double precision', expect.stringMatching(/^jsonb?$/u) as string].map((type) => [type]),
    );
    // The password went through the studio, and is in none of its bytes.
    for (const path of filesBelow(person.folder)) expect(readFileSync(join(person.folder, path)).includes(password()), path).toBe(false);
  });

  test('a service that answers 503, and 429 with Retry-After, is asked again when it wants to be; nothing comes twice and nothing is missing', async () => {
    const person = newPerson();
    await connect(person);
    service.serve(quakes);
    service.refuse([{ page: 2, status: 503 }, { page: 2, status: 503 }, { page: 4, status: 429, headers: { 'retry-after': '2' } }]);
    const ran = await person.run(person.take('api-to-postgresql', hurried));
    expect(ran).toMatchObject({ status: 'completed' });
    const pages = Math.ceil(quakes.length / PAGE);
    expect(service.asked.map(({ page }) => page).toSorted((a, b) => a - b)).toEqual([2, 2, 4, ...Array.from({ length: pages }, (_, index) => index + 1)].toSorted((a, b) => a - b));
    const [refused, answered] = service.asked.filter(({ page }) => page === 4);
    expect((answered?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1990);
    expect(await table()).toEqual(tableOf(quakes));
  });

  test('a service that is away for longer than the request waits: the node is tried again, and the run completes', async () => {
    const person = newPerson();
    await connect(person);
    service.serve(quakes.slice(0, 450));
    service.refuse(Array.from({ length: 9 }, () => ({ page: 3, status: 503 })));
    const ran = await person.run(person.take('api-to-postgresql', hurried));
    expect(ran).toMatchObject({ status: 'completed' });
    // Four tries of a request, then the node again from its first page.
    expect(service.asked.filter(({ page }) => page === 1)).toHaveLength(3);
    expect(await table()).toEqual(tableOf(quakes.slice(0, 450)));
  });

  test('a service that stays away: the run fails with its name, and the table is as it was', async () => {
    const person = newPerson();
    await connect(person);
    const file = person.take('api-to-postgresql', hurried);
    service.serve(quakes.slice(0, 300));
    expect(await person.run(file)).toMatchObject({ status: 'completed' });
    service.serve(quakes);
    service.refuse(Array.from({ length: 100 }, () => ({ page: 5, status: 503 })));
    const ran = await person.run(file);
    expect(ran).toMatchObject({ status: 'failed', failedNode: 'ask' });
    expect(ran.said.stderr).toMatch(/503/u);
    expect(await table()).toEqual(tableOf(quakes.slice(0, 300)));
  });

  test('PostgreSQL killed in the middle of the write, and back: the write is tried again, and every row is there once', async () => {
    const person = newPerson();
    const line = await startProxy(database.port);
    try {
      await connect(person, line.port);
      service.serve(quakes);
      line.cutAfter('up', 200_000);
      const running = person.run(person.take('api-to-postgresql', hurried));
      while (line.sent() < 200_000) await new Promise((wake) => void setTimeout(wake, 5));
      await database.kill();
      await database.start();
      const ran = await running;
      expect(ran).toMatchObject({ status: 'completed' });
      expect(line.sent()).toBeGreaterThan(400_000);
      expect(await table()).toEqual(tableOf(quakes));
    } finally {
      await line.close();
    }
  });

  test('exported and imported on another computer it carries no connection, asks for both, and runs once they are there', async () => {
    const [first, second] = [newPerson(), newPerson()];
    await connect(first);
    const imported = JSON.parse((await first.cli(['import', first.take('api-to-postgresql', hurried), '--json'])).stdout) as { readonly id: string; readonly missing: readonly unknown[] };
    expect(imported.missing).toEqual([]);
    const carried = join(second.folder, 'carried.json');
    expect((await first.cli(['export', imported.id, '--out', carried])).code).toBe(0);
    for (const word of [password(), service.baseUrl, String(database.port)]) expect(readFileSync(carried, 'utf8')).not.toContain(word);
    const arrived = JSON.parse((await second.cli(['import', carried, '--json'])).stdout) as { readonly path: string; readonly missing: readonly { readonly name: string; readonly kinds: readonly string[]; readonly nodes: readonly string[] }[] };
    expect(arrived.missing).toMatchObject([{ name: 'Earthquake service', kinds: ['http'], nodes: ['ask'] }, { name: 'Warehouse', nodes: ['write'] }]);
    const refused = await second.run(arrived.path);
    expect([refused.said.code === 0, refused.said.stderr]).toEqual([false, expect.stringMatching(/“Earthquake service”/u)]);
    await connect(second);
    service.serve(quakes.slice(0, 250));
    expect(await second.run(arrived.path)).toMatchObject({ status: 'completed' });
    expect(await table()).toEqual(tableOf(quakes.slice(0, 250)));
  });
});
