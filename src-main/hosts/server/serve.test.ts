import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '#shared/contract';
import { RunId, WorkflowId } from '#shared/ids';
import { sampleWorkflow, testStudio } from '../../api/studio.testing.ts';
import { startServer } from './serve.ts';
import type { RunningServer } from './serve.ts';
import { readOrMakeToken, sameToken } from './token.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-server-'));
const dataDir = join(root, 'data');
const windowDir = join(root, 'window');
const test = testStudio(dataDir);
let server: RunningServer;

beforeAll(async () => {
  for (const folder of [dataDir, join(windowDir, 'assets')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(windowDir, 'index.html'), '<!doctype html><title>Millrace</title>');
  writeFileSync(join(windowDir, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(root, 'secret.json'), '{"secret":true}');
  server = await startServer(test.studio, { port: 0, windowDir, onUnexpected: () => undefined });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request as it stands on the wire: fetch would tidy its path and hide its headers. */
function ask(path: string, headers: Record<string, string> = {}, body?: string, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });
const json = (): Record<string, string> => ({ ...bearer(), 'content-type': 'application/json' });

function upgrade(headers: Record<string, string>, path = '/rpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('error', () => undefined);
  });
}

const reaches = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port: server.port, timeout: 10_000 }, () => resolve(true));
    for (const end of ['error', 'timeout'] as const) socket.on(end, () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

const openSocket = (): { socket: WebSocket; client: ContractRouterClient<Contract> } => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: bearer() });
  return { socket, client: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })) };
};

describe('the token', () => {
  it('is 256 bits, kept where only its owner reads it, and the same next time', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
    expect(statSync(join(dataDir, 'server-token')).mode & 0o777).toBe(0o600);
    expect(await readOrMakeToken(dataDir)).toBe(server.token);
  });

  it('is compared whatever its length', () => {
    expect([sameToken('abc', 'abc'), sameToken('abc', 'abd'), sameToken('', 'abc')]).toEqual([true, false, false]);
  });

  it.each(['/', '/assets/index-abc.js', '/api/info', '/api/openapi.json', '/nowhere'])('is wanted for %s', async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask(path, { cookie: `millrace-${server.port}=wrong` })).status).toBe(401);
  });

  it('is asked for in both languages of a person, in JSON of a program', async () => {
    expect((await ask('/', { accept: 'text/html' })).text).toContain('访问令牌');
    expect(JSON.parse((await ask('/api/info')).text)).toMatchObject({ code: 'permission', remedy: expect.stringContaining('Bearer') });
  });

  it('leaves the address for a cookie that scripts and other sites do not get', async () => {
    const first = await ask(`/?token=${server.token}`);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
    expect((await ask('/', { cookie: cookie.split(';')[0]! })).status).toBe(200);
    expect((await ask('/?token=wrong')).status).toBe(401);
    expect((await ask(`//evil.example/?token=${server.token}`)).headers['location']).toBe('/evil.example/');
  });
});

describe('who may ask', () => {
  it('answers on the loopback address and nowhere else', async () => {
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter((one) => one.family === 'IPv4' && !one.internal);
    expect(await reaches('127.0.0.1')).toBe(true);
    for (const { address } of others) expect(await reaches(address)).toBe(false);
    expect(await reaches('127.0.0.2')).toBe(false);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1.evil.example'])('refuses the Host %s, token or not', async (host) => {
    const refused = await ask('/api/info', { ...bearer(), host });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'permission', place: `Host: ${host}` });
    expect(await upgrade({ ...bearer(), host })).toBe(403);
  });

  it.each(['https://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1'])('refuses the Origin %s, token or not', async (origin) => {
    expect((await ask('/api/info', { ...bearer(), origin })).status).toBe(403);
    expect(await upgrade({ ...bearer(), origin })).toBe(403);
  });

  it('takes its own origin under both of its names', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const host = `${name}:${server.port}`;
      expect((await ask('/api/info', { ...bearer(), host, origin: `http://${host}` })).status).toBe(200);
    }
  });

  it('refuses calls of a page beside ours', async () => {
    expect((await ask('/api/info', { ...bearer(), 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ask('/api/info', { ...bearer(), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('upgrades only with the token, and only at /rpc', async () => {
    expect(await upgrade({})).toBe(401);
    expect(await upgrade({ cookie: `millrace-${server.port}=${server.token}` })).toBe(101);
    expect(await upgrade(bearer(), '/elsewhere')).toBe(404);
  });
});

describe('the window', () => {
  it('comes under a strict policy, its hashed files to be kept', async () => {
    const page = await ask('/', bearer());
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    const script = await ask('/assets/index-abc.js', bearer());
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': expect.stringContaining('immutable') });
  });

  it.each(['/../secret.json', '/..%2fsecret.json', '/%2e%2e/secret.json', '/assets/..%5c..%5csecret.json', '/assets/../../secret.json', '//secret.json', '/%00', '/%zz', '/assets', '/secret.json'])(
    'has nothing at %s',
    async (path) => {
      const answer = await ask(path, bearer());
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('secret":true');
    },
  );
});

describe('REST', () => {
  it('answers the calls of the contract, and starts runs as the api', async () => {
    expect(JSON.parse((await ask('/api/info', bearer())).text)).toMatchObject({ version: '1.2.3' });
    const started = await ask('/api/runs', json(), JSON.stringify({ workflowId: 'orders' }));
    expect(started.status).toBe(200);
    expect(test.asked.at(-1)?.trigger).toEqual({ kind: 'api' });
    const { runId } = JSON.parse(started.text) as { runId: string };
    expect(JSON.parse((await ask(`/api/runs/${runId}?at=1`, bearer())).text)).toMatchObject({ status: 'queued' });
  });

  it('takes a run along as one file, opens it, runs one again and answers it', async () => {
    const { runId } = JSON.parse((await ask('/api/runs', json(), '{"workflowId":"orders"}')).text) as { runId: string };
    const { text, fileName } = JSON.parse((await ask(`/api/runs/${runId}/export?data=false`, bearer())).text) as { text: string; fileName: string };
    expect(fileName).toMatch(/^Orders-.*\.run\.json$/);
    expect(JSON.parse(text)).toMatchObject({ format: 'millrace-run', run: runId, samples: {} });
    const opened = JSON.parse((await ask('/api/runs/open', json(), JSON.stringify({ text }))).text) as { runId: string };
    expect(JSON.parse((await ask(`/api/runs/${opened.runId}`, bearer())).text)).toMatchObject({ id: opened.runId, status: 'queued' });
    expect((await ask(`/api/runs/${opened.runId}/rerun`, json(), '{}')).status).toBe(423);
    expect((await ask(`/api/runs/${runId}/rerun`, json(), '{}')).status).toBe(409);
    expect((await ask(`/api/runs/${runId}/fork`, json(), JSON.stringify({ version: 1, workflow: sampleWorkflow() }))).status).toBe(200);
    expect(test.asked.at(-1)).toMatchObject({ trigger: { kind: 'api' }, origin: { kind: 'fork', run: runId, version: 1 } });
    expect((await ask(`/api/runs/${runId}/answer`, json(), '{"answer":"stop"}')).status).toBe(200);
    expect((await ask(`/api/runs/${runId}/answer`, json(), '{"answer":"perhaps"}')).status).toBe(400);
    expect((await ask('/api/runs/difference', json(), JSON.stringify({ left: runId, right: opened.runId, node: 'read', port: 'out' }))).status).toBe(404);
    expect(JSON.parse((await ask('/api/retain', json(), '{}')).text)).toEqual({ runs: 1, outputs: 2, freedBytes: 3 });
  });

  it.each([
    ['an unknown run', '/api/runs/none', undefined, 404, 'not_found'],
    ['an unknown call', '/api/nothing', undefined, 404, 'not_found'],
    ['input that does not fit', '/api/runs', '{"workflowId":5}', 400, 'invalid_input'],
    ['what is no JSON', '/api/runs', '{"workflowId":', 400, 'invalid_input'],
    ['a call the host has not', '/api/files/pick', '{"mode":"open"}', 501, 'unsupported'],
    ['what nobody expected', '/api/workflows/import', '{"text":"","name":"x"}', 500, 'internal'],
  ])('answers %s with a code and a sentence', async (_what, path, body, status, code) => {
    const answer = await ask(path, json(), body);
    const info = JSON.parse(answer.text) as { code: string; message: string };
    expect([answer.status, info.code]).toEqual([status, code]);
    expect(info.message).toMatch(/\.$/);
    expect(answer.text).not.toMatch(/at .*\.ts:\d/);
  });

  it('refuses a body over the limit, by its length', async () => {
    const answer = await ask('/api/check', { ...json(), 'content-length': String(65 * 1024 * 1024) }, '{}').catch((error: Error) => error.message);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('larger than') });
  });

  it('streams as server-sent events', async () => {
    const { runId } = JSON.parse((await ask('/api/runs', json(), '{"workflowId":"orders"}')).text) as { runId: string };
    const response = await fetch(`http://127.0.0.1:${server.port}/api/runs/${runId}/watch`, { headers: bearer() });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('WorkflowRequested')) text += (await reader.read()).value ?? '';
    await reader.cancel();
    await expect.poll(() => test.watchers()).toBe(0);
  });
});

describe('the WebSocket', () => {
  it('carries calls, streams and errors, and starts runs by hand', async () => {
    const { socket, client } = openSocket();
    const { runId } = await client.runs.start({ workflowId: WorkflowId.parse('orders') });
    expect(test.asked.at(-1)?.trigger).toEqual({ kind: 'manual' });
    const stream = await client.runs.watch({ runId });
    expect((await stream.next()).value).toMatchObject({ kind: 'event', event: { type: 'WorkflowRequested' } });
    await expect(client.runs.get({ runId: RunId.parse('none') })).rejects.toMatchObject({ code: 'not_found', data: { code: 'not_found', message: 'There is no run "none" in the journal.' } });
    const failing = await client.runs.watch({ runId: RunId.parse('none') });
    await expect(failing.next()).rejects.toMatchObject({ data: { code: 'not_found' } });
    await stream.return?.();
    socket.close();
  });

  it('ends its streams when the window goes', async () => {
    const { socket, client } = openSocket();
    const { runId } = await client.runs.start({ workflowId: WorkflowId.parse('orders') });
    const stream = await client.runs.watch({ runId });
    await stream.next();
    expect(test.watchers()).toBe(1);
    socket.terminate();
    await expect.poll(() => test.watchers()).toBe(0);
  });

  it('closes on a message over the limit', async () => {
    const { socket } = openSocket();
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(Buffer.alloc(65 * 1024 * 1024)));
    expect(await closed).toBe(1009);
  });
});

it('says which port is taken, and what to do', async () => {
  await expect(startServer(test.studio, { port: server.port, windowDir })).rejects.toMatchObject({ code: 'io', message: `Port ${server.port} is taken by another program.`, remedy: expect.stringContaining('--port') });
});
