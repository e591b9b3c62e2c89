import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Connection } from '#shared/connections/connection';
import type { Contract } from '#shared/contract';
import type { JsonObject } from '#shared/json';
import { Workflow } from '#shared/workflow/workflow';
import type { EchoServers } from './echo-servers.ts';
import { filesBelow, said } from './search.ts';
import type { Said } from './search.ts';

/** A connection with its secrets, as it is set up. */
export interface Setup extends Connection {
  readonly secrets: Readonly<Record<string, string>>;
}

const local = (port: number, user = 'reader') => ({ host: '127.0.0.1', port, user });

/** A connection of every kind that has secrets, to servers that say them back. */
export function setupsFor(servers: EchoServers, secrets: Readonly<Record<string, string>>): readonly Setup[] {
  const secret = (name: string): string => secrets[name] ?? '';
  const web = (name: string, auth: string, more: JsonObject, own: Readonly<Record<string, string>>): Setup => ({ name, kind: 'http', settings: { baseUrl: servers.http, allowPrivate: true, auth, ...more }, secrets: own });
  return [
    web('Basic', 'basic', { user: 'reader' }, { password: secret('basic') }),
    web('Bearer', 'bearer', {}, { token: secret('bearer') }),
    web('Header', 'apiKey', { keyName: 'x-api-key' }, { apiKey: secret('header') }),
    web('Address', 'apiKey', { keyIn: 'query', keyName: 'key' }, { apiKey: secret('address') }),
    web('OAuth', 'oauth2', { tokenUrl: `${servers.http}/token`, clientId: 'reader' }, { clientSecret: secret('oauth') }),
    web('Refused', 'oauth2', { tokenUrl: `${servers.http}/no-token`, clientId: 'reader' }, { clientSecret: secret('oauth') }),
    { name: 'Shop', kind: 'postgresql', settings: { ...local(servers.postgresql), database: 'shop' }, secrets: { password: secret('postgresql') } },
    { name: 'Store', kind: 'mysql', settings: { ...local(servers.postgresql), database: 'store', connectTimeoutMs: 500 }, secrets: { password: secret('mysql') } },
    { name: 'Cache', kind: 'redis', settings: local(servers.redis), secrets: { password: secret('redis') } },
    { name: 'Topics', kind: 'kafka', settings: { bootstrap: `127.0.0.1:${servers.redis}`, sasl: 'plain', user: 'reader', connectTimeoutMs: 500 }, secrets: { password: secret('kafka') } },
    { name: 'Files', kind: 'sftp', settings: { ...local(servers.redis), login: 'key', hostKey: 'SHA256:AAAA', connectTimeoutMs: 500 }, secrets: { privateKey: secret('key'), passphrase: secret('passphrase') } },
  ];
}

const node = (id: string, type: string, nodeType: string, config: object) => ({ id, type, nodeType, config });

/** Workflows that show what a connection's server says, and others that fail with it. */
export function workflowsFor({ name, kind }: Setup): readonly Workflow[] {
  const log = node('log', 'sink', 'console.log', { limit: 5 });
  const edges = [{ id: 'e', source: 'ask', target: 'log' }];
  const made = (id: string, ask: object): Workflow => Workflow.parse({ formatVersion: 1, id: `${name.toLowerCase()}-${id}`, name: `${name} ${id}`, nodes: [ask, log], edges });
  const web = (id: string, url: string): Workflow => made(id, node('ask', 'source', 'http.request', { connection: name, url, retries: 0 }));
  const echoed = name === 'Basic' ? ['login', 'authorization', 'percent', 'twice'] : ['authorization'];
  if (kind === 'http') return [web('rows', '/rows'), ...echoed.map((as) => web(as, `/refuse?as=${as}`))];
  if (kind === 'redis') return [made('keys', node('ask', 'source', 'redis', { connection: name }))];
  return kind === 'postgresql' || kind === 'mysql' ? [made('query', node('ask', 'source', 'sql.query', { connection: name, query: 'SELECT 1' }))] : [];
}

/** Everything that a studio has written, printed and answered. */
export interface Studio {
  readonly said: Said[];
  /** The command line, with something on its standard input. Answers its standard output. */
  cli(args: readonly string[], input?: string): Promise<string>;
  /** Serves it, and hands over a client of the contract whose answers are kept as they came. */
  serve(use: (client: ContractRouterClient<Contract>, rest: (method: string, path: string, body?: string) => Promise<void>) => Promise<void>): Promise<void>;
  /** Keeps what is in its data folder now. */
  look(when: string): void;
  readonly path: (name: string) => string;
}

/** A studio in a folder of its own, built into `built`. */
export function studioIn(folder: string, built: string): Studio {
  const kept: Said[] = [];
  const path = (name: string): string => join(folder, name);
  const dataDir = path('data');
  mkdirSync(dataDir);
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [join(built, 'cli.js'), ...args, '--data-dir', dataDir], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => void (output[stream] += text));
    const end = async (): Promise<void> => {
      await once(child, 'close');
      for (const stream of ['stdout', 'stderr'] as const) kept.push(said(`${stream} of ${args.slice(0, 3).join(' ')}`, output[stream]));
    };
    const ended = end();
    return { child, output, ended };
  };
  return {
    said: kept,
    path,
    async cli(args, input = '') {
      const { child, output, ended } = start(args);
      child.stdin.end(input);
      await ended;
      return output.stdout;
    },
    async serve(use) {
      const { child, output, ended } = start(['serve', '--port', '0']);
      while (!output.stdout.includes('\n')) await once(child.stdout, 'data');
      const url = new URL(output.stdout.trim());
      const headers = { authorization: `Bearer ${url.searchParams.get('token') ?? ''}` };
      const socket = new WebSocket(`ws://127.0.0.1:${url.port}/rpc`, { headers });
      socket.on('message', (bytes: Buffer) => void kept.push({ where: 'answer over WebSocket', bytes: Buffer.from(bytes) }));
      const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
      const rest = async (method: string, at: string, body?: string): Promise<void> => {
        const answer = await fetch(`http://127.0.0.1:${url.port}/api${at}`, { method, headers: { ...headers, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body }) });
        kept.push(said(`answer over REST: ${method} ${at}`, `${JSON.stringify([...answer.headers])}\n${await answer.text()}`));
      };
      await use(client, rest);
      socket.terminate();
      child.kill('SIGTERM');
      await ended;
    },
    look: (when) => void kept.push(...filesBelow(dataDir, `data folder ${when}:`)),
  };
}

/** A workflow's file in the studio's folder; its name. */
export function writeWorkflow(studio: Studio, workflow: Workflow): string {
  const file = studio.path(`${workflow.id}.json`);
  writeFileSync(file, JSON.stringify(workflow));
  return file;
}

/** What a command has written into a file. */
export const exported = (file: string): readonly Said[] => (existsSync(file) ? [{ where: `export of ${file.split('/').at(-1) ?? ''}`, bytes: readFileSync(file) }] : []);
