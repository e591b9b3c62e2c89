import { lookup } from 'node:dns/promises';
import type { OpenConnection } from '#shared/connections/connection';
import type { Connector } from '../connector.ts';
import { portAnswers } from '../reach.ts';
import { reported } from '../report.ts';
import { chooseDatabase, logIn, openLine, serverOf } from './client.ts';
import { lineFailure, replyFailure } from './replies.ts';

/** What the server calls itself: "Redis 7.0.15". */
const named = (info: string): string => {
  const version = /^(redis|valkey|dragonfly)_version:v?(\S+)/im.exec(info.replace(/^server_name:.*$/m, ''));
  return version === null ? 'Redis' : `${(version[1] ?? '').replace(/^./, (letter) => letter.toUpperCase())} ${version[2] ?? ''}`;
};

const timeoutOf = ({ settings }: OpenConnection): number => (typeof settings['connectTimeoutMs'] === 'number' ? settings['connectTimeoutMs'] : 10_000);

/** Finds out step by step whether the server can be reached and lets us in. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const server = serverOf(connection);
      const { host, tls } = connection.settings;
      const [address, port] = [typeof host === 'string' ? host : '', Number(connection.settings['port'])];
      const answerMs = timeoutOf(connection);
      const told = async <T>(work: () => Promise<T>): Promise<T> => {
        try {
          return await work();
        } catch (thrown) {
          signal.throwIfAborted();
          throw lineFailure(thrown, server);
        }
      };
      const found = await steps.step('host', (one) => one.address, () => told(() => lookup(address)));
      await steps.step('port', `${server} answers`, () => told(() => portAnswers(found.address, port, answerMs, signal)));
      const open = (): Promise<Awaited<ReturnType<typeof openLine>>> => openLine({ connection, signal, answerMs });
      const client = tls === 'on' || tls === 'verify' ? await steps.step('tls', tls === 'verify' ? 'verified' : 'encrypted, not verified', open) : await open();
      try {
        await steps.step('login', (connection.secrets['password'] ?? '') === '' && (connection.settings['user'] ?? '') === '' ? 'none is needed' : 'accepted', () => logIn(client, connection));
        await steps.step('database', `number ${Number(connection.settings['database'] ?? 0)}`, () => chooseDatabase(client, connection));
        return await steps.step('ready', (version) => version, async () => {
          const [info] = await client.run([['INFO', 'server']], false);
          if (info instanceof Error && !info.message.startsWith('NOPERM')) throw replyFailure(info.message, server);
          return named(Buffer.isBuffer(info) ? info.toString('utf8') : '');
        });
      } finally {
        client.close();
      }
    }),
};
export default connector;
