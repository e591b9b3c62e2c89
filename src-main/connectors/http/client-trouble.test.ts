import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { json, selfSigned, serviceConnection } from '../servers/web.testing.ts';
import { client, closeKept, kept, request, send, serve, testClock } from './client.testing.ts';

afterEach(closeKept);

test('429 and 5xx are tried again: Retry-After is kept to, in seconds and as a date, else the waits grow', async () => {
  const answers = [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503, headers: { 'retry-after': 'Wed, 04 Mar 2026 05:06:44 GMT' } }, { status: 500 }, { status: 502 }, { status: 200 }];
  const service = await serve((_request, response) => {
    const { status = 200, headers = {} } = answers.shift() ?? {};
    json(response, [], status, headers);
  });
  const clock = testClock();
  const one = client(serviceConnection(service.origin), { clock, retry: { retries: 4, initialMs: 100 } });
  expect(await send(one, `${service.origin}/`)).toMatchObject({ status: 200, tries: 5 });
  expect(clock.waits).toEqual([7000, 30_000, 300, 600]);
});

test('a service that asks to wait longer than allowed is not waited for', async () => {
  const service = await serve((_request, response) => json(response, [], 429, { 'retry-after': '3600' }));
  const clock = testClock();
  const one = client(serviceConnection(service.origin), { clock, retry: { retries: 3 } });
  const answer = await send(one, `${service.origin}/`);
  expect([answer.status, answer.tries, clock.waits]).toEqual([429, 1, []]);
  expect(one.refusal(answer)).toMatchObject({ message: expect.stringContaining('asks to wait (3600)') as string });
});

test('a POST is not sent twice unless that is allowed; one that never arrived is', async () => {
  const service = await serve((_request, response) => json(response, [], 503));
  const clock = testClock();
  expect((await send(client(serviceConnection(service.origin), { clock, retry: { retries: 2 } }), `${service.origin}/`, { method: 'POST', body: '{}' })).tries).toBe(1);
  expect((await send(client(serviceConnection(service.origin), { clock, retry: { retries: 2, unsafe: true } }), `${service.origin}/`, { method: 'POST', body: '{}' })).tries).toBe(3);
  await service.close();
  clock.waits.length = 0;
  await expect(send(client(serviceConnection(service.origin), { clock, retry: { retries: 2 } }), `${service.origin}/`, { method: 'POST', body: '{}' })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('Nothing listens at') as string });
  expect(clock.waits).toHaveLength(2);
});

test.each([
  ['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync], ['zstd', zstdCompressSync],
] as const)('an answer packed with %s is unpacked, and a bomb is stopped', async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(8 << 20));
  const service = await serve(({ url }, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(url === '/bomb' ? bomb : pack(Buffer.from('hällo'))));
  const one = client(serviceConnection(service.origin));
  expect((await send(one, `${service.origin}/`)).body.toString()).toBe('hällo');
  expect(bomb.length).toBeLessThan(1 << 20);
  await expect(send(one, `${service.origin}/bomb`)).rejects.toMatchObject({ code: 'node_failed', place: 'maxMb', message: expect.stringContaining('larger than 1 MB') as string });
});

test('what says that it is packed and is not is told', async () => {
  const service = await serve((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'));
  await expect(send(client(serviceConnection(service.origin)), service.origin)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('can’t be unpacked') as string });
});

test('an endless answer is stopped at the limit, a slow one in time, a silent one sooner', async () => {
  const service = await serve(({ url }, response) => {
    if (url === '/silent') return;
    response.writeHead(200);
    response.write('x');
    const drip = setInterval(() => response.write(url === '/endless' ? Buffer.alloc(64 << 10) : 'x'), url === '/endless' ? 0 : 20);
    response.on('close', () => clearInterval(drip));
  });
  const one = client(serviceConnection(service.origin), { limits: { totalMs: 1500, idleMs: 30_000 } });
  await expect(send(client(serviceConnection(service.origin)), `${service.origin}/endless`)).rejects.toMatchObject({ place: 'maxMb' });
  await expect(send(one, `${service.origin}/slow`)).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('within 1.5 seconds') as string });
  await expect(send(client(serviceConnection(service.origin), { limits: { idleMs: 300 } }), `${service.origin}/silent`)).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('did not answer in time') as string });
});

test('an answer that is cut in the middle is asked for again, and told where it stays so', async () => {
  let cuts = 2;
  const service = await serve((_request, response) => {
    if ((cuts -= 1) < 0) return json(response, { whole: true });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"whole":');
    response.flushHeaders();
    setImmediate(() => response.socket?.resetAndDestroy());
    return undefined;
  });
  const clock = testClock();
  expect(await send(client(serviceConnection(service.origin), { clock, retry: { retries: 3 } }), service.origin)).toMatchObject({ status: 200, tries: 3 });
  cuts = 1;
  await expect(send(client(serviceConnection(service.origin)), service.origin)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('cut the line') as string });
});

/** Answers each connection with the same bytes and ends it. */
async function raw(answer: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  kept({ close: () => new Promise((resolve) => void server.close(resolve)) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort', 'cut the line'],
  ['SSH-2.0-OpenSSH_9.2\r\n', 'does not speak HTTP'],
  ['HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', 'does not speak HTTP'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel', 'cut the line'],
  ['', 'cut the line'],
])('%j is told', async (answer, said) => {
  const origin = await raw(answer);
  await expect(send(client(serviceConnection(origin)), origin)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(said) as string });
});

test('TLS: the certificate is verified always, with the connection’s own authority where there is one', async () => {
  const certificate = selfSigned();
  const service = await serve((_request, response) => json(response, ['safe']), certificate);
  await expect(send(client(serviceConnection(service.origin)), service.origin)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('vouched for by nobody') as string, remedy: expect.stringContaining('CA certificate') as string });
  expect((await send(client(serviceConnection(service.origin, { ca: certificate.cert })), service.origin)).status).toBe(200);
  const elsewhere = selfSigned('elsewhere.test');
  const other = await serve((_request, response) => json(response, []), elsewhere);
  await expect(send(client(serviceConnection(other.origin, { ca: elsewhere.cert })), other.origin)).rejects.toMatchObject({ message: expect.stringContaining('for another name') as string });
  await expect(send(client(serviceConnection(service.origin)), service.origin.replace('https', 'http'))).rejects.toMatchObject({ code: 'io' });
  const plain = await serve((_request, response) => json(response, []));
  await expect(send(client(serviceConnection(plain.origin)), plain.origin.replace('http', 'https'))).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('does not speak TLS') as string });
});

test('requests keep the pace, however many are sent at once', async () => {
  const service = await serve((_request, response) => json(response, []));
  const clock = testClock();
  const one = client(serviceConnection(service.origin), { clock, perSecond: 4 });
  await Promise.all(Array.from({ length: 4 }, () => send(one, service.origin)));
  // All ask at the same moment of a clock that goes on by waiting only.
  expect(clock.waits.length).toBeGreaterThan(0);
  expect(clock.steady() - Date.parse('2026-03-04T05:06:07Z')).toBeGreaterThanOrEqual(750);
});

test('a request that is given up ends at once', async () => {
  const service = await serve(() => undefined);
  const stop = new AbortController();
  const asking = client(serviceConnection(service.origin)).send(request(service.origin), stop.signal);
  while (service.received.length === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
  stop.abort(new Error('stopped by the test'));
  await expect(asking).rejects.toThrow('stopped by the test');
});

test('a host that does not exist is told', async () => {
  await expect(send(client(null), 'http://nowhere.invalid/')).rejects.toMatchObject({ message: expect.stringMatching(/no host of that name|could not be looked up/) as string });
});
