import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NodeId, RunId } from '#shared/ids';
import type { RunId as Run } from '#shared/ids';
import { buildStudio } from './built.ts';
import { startEchoServers } from './echo-servers.ts';
import type { EchoServers } from './echo-servers.ts';
import { leaks } from './search.ts';
import type { Said } from './search.ts';
import { exported, setupsFor, studioIn, workflowsFor, writeWorkflow } from './use-studio.ts';
import type { Setup } from './use-studio.ts';

/** Marked, so that they are found again; of signs that are written otherwise in JSON, addresses and Base64. */
const mark = (): string => randomBytes(9).toString('hex');
const wild = (): string => `${mark()} "w\\ild"/+&='${mark()}é密${mark()}`;
const plain = (): string => `${mark()}/+=&${mark()}`;
const secrets = {
  basic: wild(), bearer: plain(), header: plain(), address: plain(), oauth: plain(), postgresql: wild(), mysql: wild(), redis: plain(), kafka: wild(), passphrase: wild(),
  key: generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey,
  issued: plain(),
};

let folder: string;
let servers: EchoServers;
const builds: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-no-secret-'));
  servers = await startEchoServers(secrets.issued);
});
afterAll(async () => {
  await servers.close();
  for (const one of [folder, ...builds]) rmSync(one, { recursive: true, force: true });
});

/** All that a studio says and writes while somebody sets connections up, tries them, and runs workflows that show and fail with what servers say back. */
async function everythingSaid(veil: boolean): Promise<readonly Said[]> {
  const built = await buildStudio(veil);
  builds.push(built);
  const studio = studioIn(mkdtempSync(join(folder, 'studio-')), built);
  const setups = setupsFor(servers, secrets);
  const [first, ...others] = setups;
  if (first === undefined) throw new Error('There is no connection to begin with.');

  await studio.cli(['connections', 'set', first.name, '--kind', first.kind, ...Object.entries(first.settings).flatMap(([name, value]) => ['--setting', `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`]), '--secret', 'password'], `${secrets.basic}\n`);
  const [shows, fails] = workflowsFor(first).map((workflow) => writeWorkflow(studio, workflow));
  await studio.cli(['run', shows ?? '']);
  await studio.cli(['run', fails ?? '', '--json']);
  await studio.cli(['import', shows ?? '']);
  await studio.cli(['connections', 'test', first.name]);
  await studio.serve(async (client, rest) => {
    for (const { secrets: own, ...connection } of others) await client.connections.save({ ...connection, secrets: own, previous: null });
    await client.connections.list();
    for (const { name, kind, settings } of setups) await client.connections.test({ name, kind, settings, previous: name, secrets: {} });
    for (const setup of setups) for (const id of await runsOf(client, setup)) await lookAt(client, id);
    await rest('GET', '/connections');
    await rest('POST', '/connections', JSON.stringify({ ...first, previous: null }));
    await rest('POST', '/connections', JSON.stringify({ ...first, previous: first.name, secrets: { password: [secrets.basic], [secrets.basic]: 'x' } }));
    await rest('POST', '/connections', `{ "secrets": { "password": ${JSON.stringify(secrets.basic)} `);
    await rest('POST', '/connections/test', JSON.stringify({ ...setups.find((one) => one.kind === 'postgresql'), previous: null }));
    await rest('POST', '/runs/search', '{}');
    studio.look('while it serves');
  });
  const { runs } = JSON.parse(await studio.cli(['runs', '--json', '--limit', '200'])) as { readonly runs: readonly { readonly id: string }[] };
  for (const { id: runId } of runs.slice(-2)) {
    await studio.cli(['show', runId, '--events', '--json']);
    await studio.cli(['export', runId, '--out', studio.path(`${runId}.run.json`)]);
    studio.said.push(...exported(studio.path(`${runId}.run.json`)));
  }
  await studio.cli(['connections', 'list', '--json']);
  studio.look('at the end');
  expect(runs.length).toBeGreaterThan(12);
  return studio.said;
}

type Client = Parameters<Parameters<ReturnType<typeof studioIn>['serve']>[0]>[0];

/** Runs a connection's workflows to their ends. */
async function runsOf(client: Client, setup: Setup): Promise<readonly Run[]> {
  const ids: Run[] = [];
  for (const workflow of workflowsFor(setup)) {
    await client.workflows.check({ workflow });
    await client.workflows.columns({ workflow });
    const { runId } = await client.runs.start({ workflow });
    // Its stream ends with it: events, lines and samples have come by then.
    const updates = await client.runs.watch({ runId });
    for (let next = await updates.next(); next.done !== true; ) next = await updates.next();
    ids.push(RunId.parse(runId));
  }
  return ids;
}

async function lookAt(client: Client, runId: Run): Promise<void> {
  await client.runs.get({ runId });
  await client.runs.events({ runId });
  await client.runs.console({ runId });
  await client.runs.sample({ runId, node: NodeId.parse('ask'), port: 'out' });
  await client.runs.export({ runId, data: true });
}

test('no byte that the studio writes, prints or answers holds a secret', async () => {
  const everything = await everythingSaid(true);
  const found = leaks(everything, secrets).map(({ where, what }) => `${what} in ${where}`);
  expect(found, found.join('\n')).toEqual([]);
  // It did say what there was to say.
  for (const [where, what] of SAYS) expect(everything.some((one) => one.where.includes(where) && one.bytes.includes(what)), `${what} in ${where}`).toBe(true);
});

/** What is to be seen where: that nothing secret is there means little where nothing is. */
const SAYS: readonly (readonly [where: string, what: string])[] = [
  ['stdout of run', '••••••'], ['stdout of show', '••••••'], ['stdout of connections', '“Basic” works'], ['export of', '••••••'], ['answer over WebSocket', '••••••'], ['answer over REST', 'conflict'], ['answer over WebSocket', 'ogin failed: \\"••••••'],
  ['while it serves: journal.sqlite', '••••••'], ['at the end: journal.sqlite', '••••••'], ['at the end: samples', '••••••'], ['at the end: secrets.json', 'keyFile:'],
];

test('without the veil they are everywhere: the test can fail', async () => {
  const found = leaks(await everythingSaid(false), secrets);
  const leaked = (what: string, where: string): boolean => found.some((one) => one.what.startsWith(what) && one.where.includes(where));
  for (const where of ['stdout of run', 'stdout of show', 'stdout of connections', 'answer over WebSocket', 'while it serves: journal.sqlite', 'at the end: journal.sqlite', 'samples']) expect(leaked('basic', where), where).toBe(true);
  for (const one of ['bearer', 'header', 'address', 'issued', 'postgresql']) expect(leaked(one, 'answer over WebSocket'), one).toBe(true);
  // Sealing has nothing to do with the veil.
  for (const file of ['secrets.json', 'connections.json']) expect(leaked('', file), file).toBe(false);
});
