import { afterEach, expect, test } from 'vitest';
import { freePort } from '../servers/server.testing.ts';
import { json, selfSigned, serviceConnection, startService } from '../servers/web.testing.ts';
import type { Service } from '../servers/web.testing.ts';
import connector from './connector.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
async function serve(...given: Parameters<typeof startService>): Promise<Service> {
  const service = await startService(...given);
  services.push(service);
  return service;
}
const context = { signal: new AbortController().signal, resolve: (path: string) => path };
const steps = (report: Awaited<ReturnType<typeof connector.test>>): string => report.steps.map(({ step, ok }) => `${step}${ok ? '' : '!'}`).join(' ');

test('a service that answers is ready; one that knows no HEAD is asked with GET; nothing at the base address is no failure', async () => {
  const service = await serve(({ method, url }, response) => void response.writeHead(method === 'HEAD' && url === '/get' ? 405 : url === '/none' ? 404 : 200, { server: 'nginx/1.2' }).end());
  for (const path of ['', '/get', '/none']) {
    const report = await connector.test(serviceConnection(`${service.origin}${path}`), context);
    expect([steps(report), report.ok, report.server]).toEqual(['settings host port login ready', true, 'nginx/1.2']);
  }
});

test.each([
  [{ baseUrl: 'not an address' }, 'settings!', 'invalid_input', 'is not an address'],
  [{ baseUrl: 'ftp://example.com' }, 'settings!', 'permission', 'http: and https:'],
  [{ baseUrl: 'http://nowhere.invalid' }, 'settings host!', 'io', 'no host of that name|could not be looked up'],
  [{ baseUrl: 'http://127.0.0.1:9', allowPrivate: false }, 'settings host!', 'permission', 'private address'],
])('%j stops at %s', async (settings, seen, code, message) => {
  const report = await connector.test(serviceConnection('http://127.0.0.1', settings), context);
  expect([steps(report), report.error?.code]).toEqual([seen, code]);
  expect(report.error?.message).toMatch(new RegExp(message));
});

test('a port where nothing listens, and a login that is refused or missing', async () => {
  const port = await freePort();
  expect(steps(await connector.test(serviceConnection(`http://127.0.0.1:${port}`), context))).toBe('settings host port!');
  const service = await serve(({ headers }, response) => json(response, {}, headers.authorization === 'Bearer right-token' ? 200 : 401));
  const wrong = await connector.test(serviceConnection(service.origin, { auth: 'bearer' }, { token: 'wrong-token' }), context);
  expect([steps(wrong), wrong.error]).toMatchObject(['settings host port login ready!', { code: 'permission', place: 'login' }]);
  expect(JSON.stringify(wrong)).not.toContain('wrong-token');
  expect(steps(await connector.test(serviceConnection(service.origin, { auth: 'bearer' }, {}), context))).toBe('settings host port login!');
  expect((await connector.test(serviceConnection(service.origin, { auth: 'bearer' }, { token: 'right-token' }), context)).ok).toBe(true);
});

test('TLS is a step of its own', async () => {
  const certificate = selfSigned();
  const service = await serve((_request, response) => json(response, {}), certificate);
  const unknown = await connector.test(serviceConnection(service.origin), context);
  expect([steps(unknown), unknown.error?.remedy]).toEqual(['settings host port tls!', expect.stringContaining('CA certificate')]);
  const known = await connector.test(serviceConnection(service.origin, { ca: certificate.cert }), context);
  expect([steps(known), known.steps[3]?.detail]).toEqual(['settings host port tls login ready', 'TLSv1.3']);
});
