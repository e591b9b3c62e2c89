import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noKafka, startKafka } from '../../src-main/connectors/servers/kafka.testing.ts';
import { noRedis, redisCli, startRedis } from '../../src-main/connectors/servers/redis.testing.ts';
import { sshdMissing, startSshd } from '../../src-main/connectors/servers/sshd.testing.ts';
import { connect } from './duel.ts';
import type { Duel } from './duel.ts';
import { measure } from './process.ts';

/** A server that the bench has started. */
export interface ServiceArena {
  readonly duels: readonly Duel[];
  /** What is counted: rows, MB. */
  readonly unit: string;
  readonly stop: () => Promise<void>;
}

const MESSAGES = 100_000;
const KEYS = 200_000;
const MEGABYTES = 256;

const lines = (count: number, line: (n: number) => string): string => Array.from({ length: count }, (_, n) => line(n)).join('');

/** A text as Redis takes it. */
const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

/** Through the proxies that stand before the cluster for both. */
async function kafka(folder: string): Promise<ServiceArena | string> {
  if (noKafka !== null) return noKafka;
  const cluster = await startKafka();
  await connect(folder, 'Kafka', 'kafka', { bootstrap: cluster.bootstrap });
  const path = join(folder, 'messages.txt');
  writeFileSync(path, lines(MESSAGES, (n) => `{"id":${n},"amount":${n / 100},"note":"note number ${n % 1000}, as long as a message is"}\n`));
  const out = join(folder, 'consumed.txt');
  const kcat = (what: string): string => `kcat ${what} -b ${cluster.bootstrap}`;
  const fill = (topic: string): string => `${kcat('-P')} -t ${topic} -l '${path}'`;
  await measure('bash', ['-c', fill('read')]);
  return {
    unit: 'rows',
    duels: [
      { name: 'to Kafka (kcat)', amount: MESSAGES, tool: fill('sent'), nodes: () => [['source', 'file.text', { path }], ['sink', 'kafka.producer', { connection: 'Kafka', topic: 'sent', value: 'value' }]], check: () => Promise.resolve() },
      {
        name: 'from Kafka (kcat)', amount: MESSAGES, tool: `${kcat('-C -e -q -o beginning')} -t read > '${out}'`,
        nodes: (round) => [['source', 'kafka.consumer', { connection: 'Kafka', topic: 'read', groupId: `bench-${round}`, format: 'text' }], ['sink', 'file.text', { path: out, format: 'text', column: 'value' }]],
        clear: () => rmSync(out, { force: true }),
        async check() {
          const [sent, came] = [statSync(path).size, statSync(out).size];
          if (sent !== came) throw new Error(`Of ${sent} bytes of messages ${came} came.`);
        },
      },
    ],
    stop: () => cluster.stop(),
  };
}

async function redis(folder: string): Promise<ServiceArena | string> {
  if (noRedis !== null) return noRedis;
  const server = await startRedis();
  await connect(folder, 'Redis', 'redis', { host: '127.0.0.1', port: server.port });
  const [path, commands] = [join(folder, 'keys.csv'), join(folder, 'keys.resp')];
  writeFileSync(path, `id,note\n${lines(KEYS, (n) => `${n},note number ${n}\n`)}`);
  writeFileSync(commands, lines(KEYS, (n) => `*3\r\n${bulk('SET')}${bulk(`key:${n}`)}${bulk(`note number ${n}`)}`));
  return {
    unit: 'rows',
    duels: [
      {
        name: 'to Redis (redis-cli --pipe)', amount: KEYS, tool: `redis-cli -p ${server.port} --pipe < '${commands}'`,
        nodes: () => [['source', 'file.csv', { path }], ['sink', 'redis', { connection: 'Redis', write: 'string', key: 'key:{id}', value: 'note' }]],
        clear: () => redisCli(server.port, ['FLUSHALL']),
        async check() {
          const found = await redisCli(server.port, ['DBSIZE']);
          if (!found.includes(`:${KEYS}\r\n`)) throw new Error(`Redis has ${found.trim()} of ${KEYS} keys.`);
        },
      },
    ],
    stop: () => server.stop(),
  };
}

async function sftp(folder: string): Promise<ServiceArena | string> {
  if (sshdMissing !== null) return sshdMissing;
  const server = await startSshd();
  const { settings, secrets } = server.connection();
  const { user, hostKey } = settings as { readonly user: string; readonly hostKey: string };
  await connect(folder, 'Files', 'sftp', { host: '127.0.0.1', port: server.port, user, login: 'key', hostKey, folder: server.home }, { field: 'privateKey', value: secrets['privateKey'] ?? '' });
  const [local, back, remote] = [join(folder, 'large.bin'), join(folder, 'back.bin'), join(server.home, 'large.bin')];
  writeFileSync(local, Buffer.alloc(MEGABYTES << 20, 'Nothing in particular, and much of it. '));
  const scp = (from: string, to: string): string => `scp -q -P ${server.port} -i '${join(server.folder, 'login')}' -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR '${from}' '${to}'`;
  const whole = (path: string) => (): Promise<void> => (statSync(path).size === MEGABYTES << 20 ? Promise.resolve() : Promise.reject(new Error(`${path} is not whole.`)));
  const there = `${user}@127.0.0.1:${remote}`;
  return {
    unit: 'MB',
    duels: [
      { name: 'to SFTP (scp)', amount: MEGABYTES, tool: scp(local, there), nodes: () => [['sink', 'file.transfer', { direction: 'upload', connection: 'Files', source: local, target: 'large.bin', overwrite: 'always' }]], clear: () => rmSync(remote, { force: true }), check: whole(remote) },
      { name: 'from SFTP (scp)', amount: MEGABYTES, tool: scp(there, back), nodes: () => [['sink', 'file.transfer', { direction: 'download', connection: 'Files', source: 'large.bin', target: back, overwrite: 'always' }]], clear: () => rmSync(back, { force: true }), check: whole(back) },
    ],
    stop: () => server.stop(),
  };
}

/** By kind of connection; a reason where it can't be started here. */
export const SERVICES: Readonly<Record<string, (folder: string) => Promise<ServiceArena | string>>> = { kafka, redis, sftp };
