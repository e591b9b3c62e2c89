import { afterEach, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import { json, serviceConnection } from '../servers/web.testing.ts';
import type { Lookup } from './agent.ts';
import { client, closeKept, kept, request, send, serve, signal, testClock } from './client.testing.ts';

afterEach(closeKept);

test.each([
  ['http://127.0.0.1:9/'], ['http://localhost:9/'], ['http://2130706433:9/'], ['http://0x7f.1:9/'], ['http://0177.0.0.1:9/'], ['http://0.0.0.0:9/'], ['http://[::1]:9/'], ['http://[::]:9/'],
  ['http://[::ffff:127.0.0.1]:9/'], ['http://[::ffff:a9fe:a9fe]:9/'], ['http://[fd00::1]:9/'], ['http://[fe80::1]:9/'], ['http://169.254.169.254/latest/meta-data'], ['http://10.1.2.3/'], ['http://172.31.0.1/'],
  ['http://192.168.1.1/'], ['http://100.64.0.1/'], ['http://[64:ff9b::7f00:1]:9/'], ['http://[2002:7f00:1::]:9/'],
])('%s is refused without a connection that allows it', async (url) => {
  await expect(send(client(null), url)).rejects.toMatchObject({ code: 'permission', place: 'url', message: expect.stringContaining('private address') as string, remedy: expect.stringContaining('allows private addresses') as string });
});

test.each([['file:///etc/passwd'], ['ftp://example.com/'], ['data:text/plain,x']])('%s is no address of the web', async (url) => {
  await expect(send(client(serviceConnection('http://127.0.0.1')), url)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('http:') as string });
});

test('the address that is connected to is the one that was checked: a name has no other answer than that, each time (DNS rebinding)', async () => {
  const service = await serve((_request, response) => json(response, []));
  const asked: string[] = [];
  const here: Lookup = (host, done) => {
    asked.push(host);
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  // Nobody else knows the name: what was connected to can only come from this lookup.
  const url = `http://rebinding.invalid:${service.port}/`;
  expect((await send(client(serviceConnection('http://rebinding.invalid'), { lookup: here }), url)).status).toBe(200);
  const closed = client(serviceConnection('http://rebinding.invalid', { allowPrivate: false }), { lookup: here });
  for (let time = 0; time < 2; time += 1) await expect(send(closed, url)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('rebinding.invalid (127.0.0.1)') as string });
  expect([asked.length, service.received.length]).toEqual([3, 1]);
});

test('of several addresses of a name only the public ones are connected to', async () => {
  const service = await serve((_request, response) => json(response, []));
  await expect(send(client(null, { lookup: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }]) }), `http://mixed.test:${service.port}/`)).rejects.toMatchObject({ code: 'permission' });
  expect(service.received).toEqual([]);
});

test.each([
  ['basic', { user: 'ann' }, { password: 'p4ss:wörd' }, 'authorization', `Basic ${Buffer.from('ann:p4ss:wörd').toString('base64')}`],
  ['bearer', {}, { token: ' tok-123456\n' }, 'authorization', 'Bearer tok-123456'],
  ['apiKey', { keyName: 'X-Key' }, { apiKey: 'key-123456' }, 'x-key', 'key-123456'],
])('the login %s goes to the base address and to no other', async (auth, settings, secrets, header, value) => {
  const other = await serve((_request, response) => json(response, []));
  const service = await serve(({ url }, response) => (url === '/away' ? void response.writeHead(302, { location: `${other.origin}/x` }).end() : json(response, [])));
  const one = client(serviceConnection(`${service.origin}/v1`, { auth, ...settings }, secrets));
  await send(one, `${service.origin}/v1/items`);
  await send(one, `${other.origin}/items`);
  expect((await send(one, `${service.origin}/away`, { headers: { 'X-Custom': 'mine' } })).place).toBe(`${other.origin}/x`);
  expect(service.received.map((got) => got.headers[header])).toEqual([value, value]);
  expect(other.received.map((got) => [got.headers[header], got.headers['x-custom']])).toEqual([[undefined, undefined], [undefined, undefined]]);
});

test('a key in the address goes to the base address only, is taken out of a redirect elsewhere, and is in no error', async () => {
  const other = await serve((_request, response) => json(response, [], 404));
  const service = await serve(({ url }, response) => (url.startsWith('/away') ? void response.writeHead(307, { location: `${other.origin}${url.replace('away', 'there')}` }).end() : json(response, { echo: url }, 400)));
  const one = client(serviceConnection(service.origin, { auth: 'apiKey', keyIn: 'query', keyName: 'key' }, { apiKey: 'k&y 123456' }));
  const bad = await send(one, `${service.origin}/items?page=2`);
  expect(service.received[0]?.url).toBe('/items?page=2&key=k%26y+123456');
  const error = one.refusal(bad);
  expect(JSON.stringify([error.message, error.detail, error.remedy, error.place])).not.toMatch(/k&y|k%26y/);
  await send(one, `${service.origin}/away?page=2`);
  expect(other.received[0]?.url).toBe('/there?page=2');
});

function tokenService(expiresIn: number): (request: { readonly url: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }, response: Parameters<typeof json>[0]) => void {
  let issued = 0;
  return ({ url, headers, body }, response) => {
    if (url === '/token') {
      const basic = decodeURIComponent(Buffer.from(String(headers['authorization']).slice(6), 'base64').toString()) === 'client:s3cr3t-value';
      if (!basic || !body.includes('grant_type=client_credentials') || !body.includes('scope=read')) return json(response, { error: 'invalid_client' }, 401);
      return json(response, { access_token: `token-${(issued += 1)}-abcdef`, token_type: 'Bearer', expires_in: expiresIn });
    }
    return headers['authorization'] === `Bearer token-${issued}-abcdef` ? json(response, [{ by: headers['authorization'] }]) : json(response, {}, 401);
  };
}
const oauth = (origin: string, secret = 's3cr3t-value'): OpenConnection => serviceConnection(origin, { auth: 'oauth2', tokenUrl: `${origin}/token`, clientId: 'client', scope: 'read' }, { clientSecret: secret });

test('a token is asked for once, however many need it, and again when it has expired', async () => {
  const service = await serve(tokenService(600));
  const clock = testClock();
  const one = client(oauth(service.origin), { clock });
  const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await send(one, `${service.origin}/items`)).status));
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect(service.received.filter(({ url }) => url === '/token')).toHaveLength(1);
  await clock.sleep(700_000, signal);
  expect((await send(one, `${service.origin}/items`)).status).toBe(200);
  expect(service.received.filter(({ url }) => url === '/token')).toHaveLength(2);
});

test('a token that the service no longer takes is renewed once', async () => {
  const service = await serve(tokenService(600));
  const [one, other] = [client(oauth(service.origin)), client(oauth(service.origin))];
  await send(one, `${service.origin}/items`);
  await send(other, `${service.origin}/items`);
  expect((await send(one, `${service.origin}/items`)).status).toBe(200);
  expect(service.received.filter(({ url }) => url === '/token')).toHaveLength(3);
});

test('a wrong client secret is told, without the secret', async () => {
  const service = await serve(tokenService(600));
  const wrong = await send(client(oauth(service.origin, 'wr0ng-secret')), `${service.origin}/items`).catch((thrown: unknown) => thrown);
  expect(wrong).toMatchObject({ code: 'permission', place: 'connection', message: expect.stringContaining('client secret is wrong') as string });
  expect(JSON.stringify(wrong, Object.getOwnPropertyNames(wrong))).not.toContain('wr0ng-secret');
  // Basic first, then in the body: some services take it there only.
  expect(service.received.map(({ url }) => url)).toEqual(['/token', '/token']);
});

test('redirects are followed, counted and never lead from https to http; a circle ends', async () => {
  const service = await serve(({ url }, response) => {
    const step = Number(url.slice(1));
    if (url === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (step > 0) response.writeHead(302, { location: `/${step - 1}` }).end('gone on');
    else json(response, ['here']);
  });
  const one = client(serviceConnection(service.origin));
  expect(await send(one, `${service.origin}/3`)).toMatchObject({ status: 200, redirects: 3 });
  await expect(send(one, `${service.origin}/9`)).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('5 times') as string });
  await expect(send(one, `${service.origin}/round`)).rejects.toMatchObject({ message: expect.stringContaining('sent on') as string });
});

test('a redirect to a private address is refused where private addresses are', async () => {
  const inside = await serve((_request, response) => json(response, []));
  const service = await serve((_request, response) => void response.writeHead(302, { location: `${inside.origin}/secret` }).end());
  // The name stands for a public address; the test's line leads to the service all the same.
  const one = client(serviceConnection('http://public.test', { allowPrivate: true }), { lookup: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  expect((await send(one, `http://public.test:${service.port}/`)).status).toBe(200);
  const { exchange } = await import('./exchange.ts');
  const { Agent } = await import('undici');
  const agent = kept(new Agent({ connect: { lookup: (_host, options, done) => (options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) } }));
  const nobody = { headers: () => ({}), address: (url: URL) => url, stripped: (url: URL) => url };
  await expect(exchange(agent, request(`http://public.test:${service.port}/`), { totalMs: 60_000, idleMs: 30_000, maxBytes: 1000, maxRedirects: 5 }, nobody, false, signal)).rejects.toMatchObject({ code: 'permission' });
  expect(inside.received).toHaveLength(1);
});

test('what a POST is sent on with', async () => {
  const service = await serve(({ url }, response) => {
    const status = Number(url.slice(1));
    if (status > 0) response.writeHead(status, { location: '/end' }).end();
    else json(response, []);
  });
  const one = client(serviceConnection(service.origin));
  for (const status of [301, 302, 303, 307, 308]) await send(one, `${service.origin}/${status}`, { method: 'POST', body: 'x=1' });
  expect(service.received.filter(({ url }) => url === '/end').map(({ method, body }) => [method, body])).toEqual([['GET', ''], ['GET', ''], ['GET', ''], ['POST', 'x=1'], ['POST', 'x=1']]);
});
