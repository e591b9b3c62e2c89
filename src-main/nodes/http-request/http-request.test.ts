import { afterEach, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { json, serviceConnection, startService } from '../../connectors/servers/web.testing.ts';
import type { Service } from '../../connectors/servers/web.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome } from '../../dataplane/node.testing.ts';
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
const ask = (service: Service, config: JsonObject, settings: JsonObject = {}, secrets: OpenConnection['secrets'] = {}): Promise<NodeOutcome> =>
  runNode(node, { connection: 'service', retryFirstMs: 1, ...config }, { connections: [serviceConnection(service.origin, settings, secrets)] });
const out = ({ outputs }: NodeOutcome): readonly (readonly (string | null)[])[] => outputs['out']?.rows ?? [];
const types = ({ outputs }: NodeOutcome): Readonly<Record<string, string>> => Object.fromEntries((outputs['out']?.columns ?? []).map(({ name, type }) => [name, type]));
const raw = (text: string, type = 'application/json'): Parameters<typeof startService>[0] => (_request, response) => void response.writeHead(200, { 'content-type': type }).end(text);

test('rows of a JSON answer keep every digit; what is nested is JSON', async () => {
  const service = await serve(raw(`{"items": [
    {"id": 9007199254740993, "big": 170141183460469231731687303715884105727, "price": 12345678901234567.89, "rate": 0.1, "ok": true, "name": "ä", "tags": [1, 9007199254740993], "mixed": 1, "none": null},
    {"id": 2, "big": 1, "price": 1.5, "rate": 2, "ok": false, "name": "b", "tags": {"a": 1.10}, "mixed": "x", "none": null, "late": "only here"}]}`));
  const outcome = await ask(service, { url: '/x', rows: '$.items' });
  expect(types(outcome)).toEqual({ id: 'BIGINT', big: 'HUGEINT', price: 'DECIMAL(38,2)', rate: 'DOUBLE', ok: 'BOOLEAN', name: 'VARCHAR', tags: 'JSON', mixed: 'VARCHAR', none: 'VARCHAR', late: 'VARCHAR' });
  expect(out(outcome)).toEqual([
    ['9007199254740993', '170141183460469231731687303715884105727', '12345678901234567.89', '0.1', 'true', 'ä', '[1,9007199254740993]', '1', null, null],
    ['2', '1', '1.50', '2.0', 'false', 'b', '{"a":1.1}', 'x', null, 'only here'],
  ]);
});

test.each([
  ['application/x-ndjson', '{"a":1}\n\n{"a":2}\n', { a: 'BIGINT' }, [['1'], ['2']]],
  ['text/csv; charset=utf-8', 'id;name\n007;"a;""b"\n008;\n', { id: 'VARCHAR', name: 'VARCHAR' }, [['007', 'a;"b'], ['008', null]]],
  ['text/csv', 'n,d,b\n1,1.5,true\n2,2.25,false\n', { n: 'BIGINT', d: 'DOUBLE', b: 'BOOLEAN' }, [['1', '1.5', 'true'], ['2', '2.25', 'false']]],
  ['text/plain', 'all of it\nas it is', { value: 'VARCHAR' }, [['all of it\nas it is']]],
  ['application/problem+json', '[1, 2]', { value: 'BIGINT' }, [['1'], ['2']]],
  ['application/octet-stream', '\u0000a', { value: 'BLOB' }, [['\\x00a']]],
])('an answer of the type %s', async (type, text, columns, rows) => {
  const outcome = await ask(await serve(raw(text, type)), { url: '/' });
  expect([types(outcome), out(outcome)]).toEqual([columns, rows]);
});

test('rows at a place are JSON, whatever the service says it is', async () => {
  expect(out(await ask(await serve(raw('{"items": [{"a": 1}]}', 'text/plain')), { url: '/', rows: '$.items' }))).toEqual([['1']]);
});

test('text in another encoding, by its header or by the form; a wrong one is told', async () => {
  const service = await serve(({ url }, response) => void response.writeHead(200, { 'content-type': url === '/named' ? 'text/plain; charset=GB18030' : 'text/plain' }).end(Buffer.from([0xc4, 0xe3, 0xba, 0xc3])));
  expect(out(await ask(service, { url: '/named' }))).toEqual([['你好']]);
  expect(out(await ask(service, { url: '/', charset: 'gb18030' }))).toEqual([['你好']]);
  await expect(ask(service, { url: '/' })).rejects.toMatchObject({ code: 'node_failed', place: 'charset' });
  await expect(ask(service, { url: '/', charset: 'klingon' })).rejects.toMatchObject({ place: 'charset', message: expect.stringContaining('klingon') as string });
});

/** Seven rows in pages of three, asked for in every way. */
function pages(origin: () => string): Parameters<typeof startService>[0] {
  return ({ url }, response) => {
    const asked = new URL(url, origin());
    const size = 3;
    const from = Number(asked.searchParams.get('offset') ?? asked.searchParams.get('cursor') ?? (Number(asked.searchParams.get('page') ?? 1) - 1) * size);
    const rows = Array.from({ length: Math.max(0, Math.min(size, 7 - from)) }, (_none, index) => ({ n: from + index }));
    const more = from + size < 7;
    const link = more ? `<${asked.pathname}?cursor=0>; rel="first", <?cursor=${from + size}>; title="a, b"; rel="last next"` : '</?cursor=0>; rel="first"';
    json(response, { rows, next: more ? from + size : null, url: more ? `/things?cursor=${from + size}` : '' }, 200, { link });
  };
}

test.each([
  ['link', {}, 3],
  ['cursor', { cursorPath: '$.next', cursorParam: 'cursor' }, 3],
  ['cursor', { cursorPath: 'url' }, 3],
  ['offset', { pageSize: 3 }, 4],
  ['page', { pageSize: 3 }, 4],
])('pages by %s %j are asked for until there are no more', async (paging, more, asked) => {
  let origin = '';
  const service = await serve(pages(() => origin));
  origin = service.origin;
  const outcome = await ask(service, { url: '/things', query: { q: 'a b&c' }, rows: '$.rows', paging, ...more });
  expect(out(outcome).flat()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  expect(outcome.report).toMatchObject({ pages: asked });
  expect(service.received[0]?.url).toMatch(/^\/things\?q=a\+b%26c/);
});

test('a circle of pages ends, whatever the paging; more pages than allowed fail or are left', async () => {
  let count = 0;
  const service = await serve(({ url }, response) => json(response, url.startsWith('/grows') ? [{ n: (count += 1) }] : { rows: [{ n: 1 }], next: 'same' }, 200, { link: '<?page=2>; rel=next' }));
  for (const paging of [{ paging: 'link' }, { paging: 'cursor', cursorPath: '$.next', cursorParam: 'c' }, { paging: 'offset' }, { paging: 'page' }]) {
    await expect(ask(service, { url: '/', rows: '$.rows', ...paging })).rejects.toMatchObject({ code: 'node_failed', place: 'paging', message: expect.stringContaining('same page again') as string });
  }
  await expect(ask(service, { url: '/grows', paging: 'page', maxPages: 3 })).rejects.toMatchObject({ place: 'maxPages', message: 'There are more than 3 pages.' });
  const left = await ask(service, { url: '/grows', paging: 'page', maxPages: 3, whenMore: 'stop' });
  expect([out(left).length, left.console]).toEqual([3, ['The service has more pages; 3 were asked for.']]);
});

test('types come from all pages, also where the first ones say nothing; answers beyond memory wait in files', async () => {
  const filler = 'x'.repeat(3_000_000);
  const service = await serve(({ url }, response) => {
    const page = Number(new URL(url, 'http://x').searchParams.get('page'));
    json(response, page > 4 ? [] : [{ id: page, late: page === 4 ? 1.5 : page === 1 ? null : page, filler }]);
  });
  const outcome = await ask(service, { url: '/', paging: 'page' });
  expect(types(outcome)).toMatchObject({ late: 'DOUBLE' });
  expect(out(outcome).map(([id, late, text]) => [id, late, text?.length])).toEqual([['1', null, 3_000_000], ['2', '2.0', 3_000_000], ['3', '3.0', 3_000_000], ['4', '1.5', 3_000_000]]);
});

test('given types are kept to; a value that does not fit is told with its row and column', async () => {
  const service = await serve(raw('[{"id": 1, "n": "12"}, {"id": 2, "n": "x"}]'));
  expect(types(await ask(service, { url: '/', columns: { id: 'varchar', missing: 'BIGINT' } }))).toEqual({ id: 'VARCHAR', missing: 'BIGINT', n: 'VARCHAR' });
  await expect(ask(service, { url: '/', columns: { n: 'BIGINT' } })).rejects.toMatchObject({ place: 'columns', message: 'Row 2, column “n”: the value x is not a BIGINT.' });
});

test('moments and days can be read as what they are', async () => {
  const service = await serve(raw('[{"at": "2026-03-04T05:06:07.5+02:00", "day": "2026-03-04", "local": "2026-03-04 05:06:07"}]'));
  const outcome = await ask(service, { url: '/', columns: { at: 'TIMESTAMPTZ', day: 'DATE', local: 'TIMESTAMP' } });
  expect(types(outcome)).toEqual({ at: 'TIMESTAMP WITH TIME ZONE', day: 'DATE', local: 'TIMESTAMP' });
  expect(out(outcome)).toEqual([[expect.stringMatching(/^2026-03-04 03:06:07.5\+00/), '2026-03-04', '2026-03-04 05:06:07']]);
  await expect(ask(service, { url: '/', columns: { at: 'DATE' } })).rejects.toMatchObject({ message: expect.stringContaining('is not a DATE') as string });
});

test('no rows have no columns but those that are given; names that differ in capitals stay apart', async () => {
  const service = await serve(({ url }, response) => json(response, url === '/empty' ? [] : [{ Id: 1, id: 2, '': 3 }]));
  expect(types(await ask(service, { url: '/empty', columns: { id: 'BIGINT' } }))).toEqual({ id: 'BIGINT' });
  expect(types(await ask(service, { url: '/' }))).toEqual({ Id: 'BIGINT', id_2: 'BIGINT', column3: 'BIGINT' });
});

test.each<readonly [string, Parameters<typeof startService>[0], JsonObject, object]>([
  ['not JSON', raw('<html>'), {}, { code: 'node_failed', place: 'format' }],
  ['nothing at the path', raw('{"data": {"list": []}}'), { rows: '$.items' }, { place: 'rows', remedy: 'The answer has: data.' }],
  ['a CSV row too long', raw('a,b\n1,2\n1,2,3\n', 'text/csv'), {}, { message: 'Row 2 of the answer has 3 fields, the header has 2.' }],
  ['a quote that stays open', raw('a\n"x\n', 'text/csv'), {}, { message: expect.stringContaining('never closed') as string }],
  ['too much', raw(JSON.stringify('x'.repeat(20_000))), { maxMb: 0.01 }, { place: 'maxMb' }],
  ['404', (_request, response) => json(response, { why: 'not here' }, 404), {}, { code: 'node_failed', message: expect.stringContaining('status 404') as string, detail: '{"why":"not here"}' }],
  ['500 after every try', (_request, response) => json(response, {}, 500), {}, { message: expect.stringContaining('status 500') as string }],
])('%s is told', async (_what, answer, config, error) => {
  const service = await serve(answer);
  await expect(ask(service, { url: '/', format: 'auto', ...config })).rejects.toMatchObject(error);
});

test('500 is tried as often as the form says', async () => {
  const service = await serve((_request, response) => json(response, [], 500));
  await expect(ask(service, { url: '/', retries: 2 })).rejects.toThrow();
  expect(service.received).toHaveLength(3);
});

test('a POST is announced before it is sent, a GET is not', async () => {
  const service = await serve(({ body }, response) => json(response, [{ body }]));
  const outcome = await ask(service, { url: '/search', method: 'POST', send: 'json', body: '{"q": 1}' });
  expect([out(outcome), outcome.intents]).toEqual([[['{"q": 1}']], [`A POST request would be sent to ${service.origin}/search`]]);
  expect(service.received[0]?.headers['content-type']).toBe('application/json');
  const form = await ask(service, { url: '/', method: 'POST', send: 'form', form: { a: 'ä b' }, retryUnsafe: true });
  expect([out(form), form.intents]).toEqual([[['a=%C3%A4+b']], []]);
  expect((await ask(service, { url: '/' })).intents).toEqual([]);
});

test('an address is below the base address, or whole; without a connection private ones are refused', async () => {
  const service = await serve(({ url }, response) => json(response, [{ url }]));
  const at = async (url: string): Promise<unknown> => out(await runNode(node, { connection: 'service', url }, { connections: [serviceConnection(`${service.origin}/v1/`)] }))[0]?.[0];
  expect([await at('/items'), await at('items?a=1'), await at('?b=2'), await at(`${service.origin}/other#x`)]).toEqual(['/v1/items', '/v1/items?a=1', '/v1/?b=2', '/other']);
  await expect(runNode(node, { url: `${service.origin}/` })).rejects.toMatchObject({ code: 'permission' });
  await expect(runNode(node, { url: '/items' })).rejects.toMatchObject({ code: 'invalid_input', place: 'url' });
  for (const url of ['//evil.test/x', '\\\\evil.test\\x']) await expect(at(url)).rejects.toMatchObject({ code: 'invalid_input', place: 'url' });
  await expect(at('http://user:pw@127.0.0.1/')).rejects.toMatchObject({ message: expect.stringContaining('holds a user') as string });
});

test('what a login sends is in no error, even where the service echoes it', async () => {
  const service = await serve(({ headers }, response) => json(response, headers, 403));
  const secrets = { password: 'hunter2-hunter2' };
  const error: unknown = await ask(service, { url: '/' }, { auth: 'basic', user: 'ann' }, secrets).catch((thrown: unknown) => thrown);
  const said = JSON.stringify(error, Object.getOwnPropertyNames(error));
  expect(said).toContain('status 403');
  for (const form of ['hunter2', Buffer.from('ann:hunter2-hunter2').toString('base64')]) expect(said).not.toContain(form);
});

const problems = (config: JsonObject): readonly string[] => (node.check?.({ rows: '', paging: 'none', cursorPath: '', send: 'none', body: '', columns: {}, url: '/', ...config }) ?? []).map(({ field }) => field);
test('what can be told of a form before a run', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ rows: '$..x', url: 'file:///etc/passwd', send: 'json', body: '{', columns: { a: 'POINT' }, paging: 'cursor', cursorPath: '$[x' })).toEqual(['rows', 'cursorPath', 'body', 'columns.a', 'url']);
});
