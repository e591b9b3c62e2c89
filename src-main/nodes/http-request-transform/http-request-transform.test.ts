import { afterEach, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { json, serviceConnection, startService } from '../../connectors/servers/web.testing.ts';
import type { Service } from '../../connectors/servers/web.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome, TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
async function serve(...given: Parameters<typeof startService>): Promise<Service> {
  const service = await startService(...given);
  services.push(service);
  return service;
}
const ask = (service: Service, rows: TestRows, config: JsonObject, settings: JsonObject = {}, secrets: OpenConnection['secrets'] = {}): Promise<NodeOutcome> =>
  runNode(node, { connection: 'service', retryFirstMs: 1, ...config }, { inputs: { in: rows }, connections: [serviceConnection(service.origin, settings, secrets)] });
const out = ({ outputs }: NodeOutcome): readonly (readonly (string | null)[])[] => outputs['out']?.rows ?? [];
const columns = ({ outputs }: NodeOutcome): readonly string[] => (outputs['out']?.columns ?? []).map(({ name, type }) => `${name} ${type}`);
const echo: Parameters<typeof startService>[0] = ({ method, url, headers, body }, response) => json(response, { method, url, body, type: headers['content-type'], x: headers['x-row'] });

test('each row asks for itself; its answer stands beside its own columns, in the rows’ order', async () => {
  let open = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const service = await serve(async ({ url }, response) => {
    most = Math.max(most, (open += 1));
    // The first ones are answered last.
    if (waiting.length < 3) await new Promise<void>((resolve) => void waiting.push(resolve));
    else for (const one of waiting.splice(0).toReversed()) one();
    open -= 1;
    json(response, { id: Number(url.slice(3)), big: 1 });
  });
  const outcome = await ask(service, 'SELECT range AS id, range * 1.5 AS kept FROM range(40)', { url: '/u/{id}', concurrency: 4, fields: [{ name: 'answer', path: '$.id', type: 'BIGINT' }] });
  expect(columns(outcome)).toEqual(['id BIGINT', 'kept DECIMAL(21,1)', 'answer BIGINT']);
  expect(out(outcome)).toEqual(Array.from({ length: 40 }, (_none, id) => [String(id), (id * 1.5).toFixed(1), String(id)]));
  expect(most).toBeLessThanOrEqual(4);
  expect(outcome.report).toMatchObject({ requests: 40 });
}, 30_000);

test('values are encoded wherever they go and can change neither host nor path', async () => {
  const service = await serve(echo);
  const wild = 'a/b?c=1&d#e @evil.test:80/ü {x}';
  const outcome = await ask(service, [{ v: wild, n: null }], { url: '/u/{v}/{{x}}?v={v}', query: { q: 'is {v}', none: '{n}' }, headers: { 'X-Row': 'row {n}!' }, fields: [{ name: 'url', path: 'url', type: 'VARCHAR' }, { name: 'x', path: 'x', type: 'VARCHAR' }] });
  const url = new URL(String(out(outcome)[0]?.[2]), 'http://x');
  expect([url.pathname, [...url.searchParams]]).toEqual([`/u/${encodeURIComponent(wild)}/%7Bx%7D`, [['v', wild], ['q', `is ${wild}`]]]);
  expect(out(outcome)[0]?.[3]).toBe('row !');
});

test.each([
  ['..', /would lead elsewhere/], ['.', /would lead elsewhere/], ['', /NULL or empty/], [null, /NULL or empty/],
])('the value %j can’t be part of an address', async (id, message) => {
  const service = await serve(echo);
  await expect(ask(service, [{ id }], { url: '/users/{id}/delete', method: 'DELETE' })).rejects.toMatchObject({ code: 'node_failed', place: 'url', message: expect.stringMatching(message) as string });
  expect(service.received).toEqual([]);
});

test('a host is not a place for values, a place names a column, a header is one line', async () => {
  const service = await serve(echo);
  await expect(ask(service, [{ h: 'evil.test' }], { url: 'http://{h}/x' })).rejects.toMatchObject({ message: 'A value of a row may not say which host is asked.' });
  await expect(ask(service, [{ h: 1 }], { url: '/x', query: { a: '{hh}' } })).rejects.toMatchObject({ place: 'query', message: 'There is no column “hh” in the input.' });
  await expect(ask(service, [{ h: 'a\r\nX-Evil: 1' }], { url: '/x', headers: { 'X-Row': '{h}' } })).rejects.toMatchObject({ code: 'invalid_input' });
  expect(service.received).toEqual([]);
});

test('bodies: the row, a JSON template that keeps types, text, a form', async () => {
  const service = await serve(echo);
  const rows = `SELECT 9007199254740993 AS id, 1.50::DECIMAL(9,2) AS price, 'ä "x"' AS name, NULL AS none, [1, 2] AS list, '{"a": 1}'::JSON AS doc, TIMESTAMP '2026-03-04 05:06:07' AS at, 'hi'::BLOB AS bytes`;
  const body = async (config: JsonObject): Promise<unknown> => out(await ask(service, rows, { url: '/', method: 'POST', fields: [{ name: 'got', path: 'body', type: 'VARCHAR' }, { name: 'kind', path: 'type', type: 'VARCHAR' }], ...config }))[0]?.slice(-2);
  expect(await body({ send: 'row' })).toEqual(['{"id":9007199254740993,"price":1.50,"name":"ä \\"x\\"","none":null,"list":[1,2],"doc":{"a": 1},"at":"2026-03-04 05:06:07","bytes":"aGk="}', 'application/json']);
  expect(await body({ send: 'json', body: '{"id": "{id}", "text": "no. {id}: {name}", "deep": [{"p": "{price}", "none": "{none}"}], "n": 1}' })).toEqual(['{"id":9007199254740993,"text":"no. 9007199254740993: ä \\"x\\"","deep":[{"p":1.50,"none":null}],"n":1}', 'application/json']);
  expect(await body({ send: 'text', body: '{name}|{none}|{price}' })).toEqual(['ä "x"||1.50', 'text/plain; charset=utf-8']);
  expect(await body({ send: 'form', form: { a: '{name}', b: '{none}' } })).toEqual(['a=%C3%A4+%22x%22', 'application/x-www-form-urlencoded']);
});

test('answers as JSON, text or bytes, with status, headers and time', async () => {
  const service = await serve((_request, response) => void response.writeHead(200, { 'x-a': 'b' }).end('{"n": 9007199254740993.0}'));
  const details = await ask(service, [{ a: 1 }], { url: '/', details: true });
  expect(columns(details)).toEqual(['a INTEGER', 'response JSON', 'response_status INTEGER', 'response_headers JSON', 'response_ms DOUBLE']);
  expect(out(details)[0]).toMatchObject(['1', '{"n": 9007199254740993.0}', '200', expect.stringContaining('"x-a":"b"'), expect.stringMatching(/^\d/)]);
  const bytes = await ask(service, [{ a: 1 }], { url: '/', format: 'binary', into: 'bytes' });
  expect([columns(bytes)[1], out(bytes)[0]?.[1]]).toEqual(['bytes BLOB', '{\\x22n\\x22: 9007199254740993.0}']);
});

test('a request that fails ends the run with its row, or leaves the row with what went wrong', async () => {
  const service = await serve(({ url }, response) => (url === '/2' ? json(response, { no: 1 }, 404) : url === '/3' ? void response.end('<html>') : json(response, { url })));
  const rows = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
  await expect(ask(service, rows, { url: '/{id}' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringMatching(/^Row 2: .*status 404/) as string });
  const kept = await ask(service, rows, { url: '/{id}', onStatus: 'keep' });
  expect(columns(kept)).toEqual(['id INTEGER', 'response JSON', 'response_status INTEGER', 'response_error VARCHAR']);
  expect(out(kept)).toEqual([
    ['1', '{"url":"/1"}', '200', null], ['2', null, '404', expect.stringContaining('status 404')], ['3', null, '200', expect.stringContaining('not JSON')], ['4', '{"url":"/4"}', '200', null],
  ]);
  expect(kept.report).toMatchObject({ requests: 4, 'failed requests': 2 });
});

test('a service that goes away in the middle: kept rows say so, others fail with their row', async () => {
  let left = 5;
  const service = await serve((request, response, raw) => ((left -= 1) < 0 ? void raw.socket.resetAndDestroy() : json(response, {})));
  const kept = await ask(service, 'SELECT range AS id FROM range(10)', { url: '/{id}', onStatus: 'keep', concurrency: 1, retries: 1 });
  expect(out(kept).map(([, , status, error]) => [status, error === null || error === undefined ? null : /cut the line/.test(error)])).toEqual([...Array.from({ length: 5 }, () => ['200', null]), ...Array.from({ length: 5 }, () => [null, true])]);
  await expect(ask(service, [{ id: 1 }], { url: '/{id}', retries: 0 })).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(/^Row 1: /) as string });
});

test('a private address is refused even where failed rows are kept, and says so in the row', async () => {
  const service = await serve(echo);
  const kept = await runNode(node, { url: `${service.origin}/{id}`, onStatus: 'keep' }, { inputs: { in: [{ id: 1 }] } });
  expect(out(kept)[0]?.[3]).toContain('private address');
  expect(service.received).toEqual([]);
});

test('requests that do something are announced once, before the first; those that ask are not', async () => {
  const service = await serve(echo);
  const rows = [{ id: 1 }, { id: 2 }];
  const order: string[] = [];
  await runNode(node, { connection: 'service', url: '/{id}', method: 'PUT', send: 'row' }, { inputs: { in: rows }, connections: [serviceConnection(service.origin)], intend: ({ what }) => order.push(`${service.received.length} ${what}`) });
  expect(order).toEqual([`0 PUT requests, one for each row, would be sent again to ${service.origin}, from the first one on`]);
  expect((await ask(service, rows, { url: '/{id}' })).intents).toEqual([]);
  expect((await ask(service, [], { url: '/', method: 'POST' })).intents).toEqual([]);
});

test('no rows keep their columns; a name that is taken is told', async () => {
  const service = await serve(echo);
  expect(columns(await ask(service, 'SELECT 1 AS a WHERE false', { url: '/' }))).toEqual(['a INTEGER', 'response JSON']);
  await expect(ask(service, [{ Response: 1 }], { url: '/' })).rejects.toMatchObject({ place: 'into' });
});

test('a run that is stopped ends while requests are waiting', async () => {
  const service = await serve(() => undefined);
  const stop = new AbortController();
  const running = runNode(node, { connection: 'service', url: '/{id}' }, { inputs: { in: [{ id: 1 }] }, connections: [serviceConnection(service.origin)], signal: stop.signal });
  while (service.received.length === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
  stop.abort(new Error('stopped by the test'));
  await expect(running).rejects.toThrow('stopped by the test');
});
