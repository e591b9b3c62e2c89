import type { OpenConnection } from '#shared/connections/connection';
import { StudioError, toErrorInfo } from '#shared/errors';
import type { Json } from '#shared/json';
import type { Consumer as Client } from '@platformatic/kafka';
import type { KafkaSettings } from './settings.ts';
import { clientOptions, plainSettings, settingsOf } from './settings.ts';

/** What both nodes know of their cluster: a connection by its name, or brokers of their own. */
export interface Reach {
  readonly connection: string;
  readonly bootstrap: string;
  readonly security: Json;
}

/** The cluster of a node. Throws invalid_input where it names none. */
export async function settingsFor({ connection, bootstrap, security }: Reach, open: (name: string, kinds: readonly ['kafka']) => Promise<OpenConnection>): Promise<KafkaSettings> {
  if (connection !== '') return settingsOf(await open(connection, ['kafka']));
  if (bootstrap === '') throw new StudioError('invalid_input', 'Neither a connection nor brokers are given.', { place: 'connection', remedy: 'Choose a connection of the kind Kafka.' });
  return plainSettings(bootstrap, security);
}

const TOPIC = /^[\w.-]{1,249}$/;

/** What is wrong with a node's cluster and topic, before anything is asked of it. */
export function checkReach({ connection, bootstrap, security, topic }: Reach & { readonly topic: string }): readonly { readonly field: string; readonly message: string; readonly remedy?: string }[] {
  const found: { field: string; message: string; remedy?: string }[] = [];
  if (!TOPIC.test(topic) || topic === '.' || topic === '..') found.push({ field: 'topic', message: 'No topic can have this name.', remedy: 'Use letters, digits, dots, - and _.' });
  if (connection === '' && bootstrap === '') return found;
  if (connection !== '' && bootstrap !== '') found.push({ field: 'bootstrap', message: 'Both a connection and brokers are given.', remedy: 'Leave one of them empty.' });
  if (connection !== '') return found;
  try {
    plainSettings(bootstrap, security);
  } catch (error) {
    const { place, message, remedy } = toErrorInfo(error);
    found.push({ field: place ?? 'bootstrap', message, ...(remedy === undefined ? {} : { remedy }) });
  }
  return found;
}

/** A client that is no member of its group: it reads what it is told to, and the group's members don't hear of it. */
async function openConsumer(settings: KafkaSettings, group: string, topic: string): Promise<Client> {
  const { Consumer } = await import('@platformatic/kafka');
  const client = listening(new Consumer({ ...clientOptions(settings), groupId: group }));
  client.topics.track(topic);
  client.generationId = -1;
  client.memberId = '';
  return client;
}

const listen = ({ connection }: Failed): void => void connection.on('error', () => undefined);

/**
 * The client listens to each of its lines for one error only, and a line may fail twice: refused by the broker, then reset. Nobody would
 * hear the second one, and that ends a process.
 */
export function listening<C extends Listenable>(client: C): C {
  client.on('client:broker:failed', listen);
  client.on('client:broker:connect', listen);
  return client;
}
interface Failed {
  readonly connection: { on(event: 'error', listener: () => void): unknown };
}
interface Listenable {
  on(event: 'client:broker:failed' | 'client:broker:connect', listener: (failed: Failed) => void): unknown;
}

/** Never rejects: what is closed because it failed often fails at that too. */
export const quietly = (close: () => Promise<void>): Promise<void> => within(CLOSING_MS, close).catch(() => undefined);

/** A client that is closed while a line breaks may wait for an end that has been: it is left to itself then. */
const CLOSING_MS = 1000;

/** Rejects as a passing fault where something has not come back after `ms`: the client loses an answer now and then when a line breaks. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error('Nothing came back.'), { code: 'PLT_KFK_TIMEOUT' })), ms);
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a few requests in a row may take at most: each is given up by itself long before. */
export const patienceFor = ({ connectTimeoutMs }: KafkaSettings): number => 12 * connectTimeoutMs;

/** A client that is made when it is first needed, and made anew after it has failed: a line that was cut or got out of step is not mended. */
export interface Line {
  use<T>(work: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openLine(settings: KafkaSettings, group: string, topic: string): Line {
  let client: Promise<Client> | null = null;
  const drop = async (): Promise<void> => {
    const had = client;
    client = null;
    if (had !== null) await had.then((one) => quietly(() => one.close(true)), () => undefined);
  };
  return {
    async use(work) {
      client ??= openConsumer(settings, group, topic);
      try {
        const open = await client;
        return await within(patienceFor(settings), () => work(open));
      } catch (error) {
        await drop();
        throw error;
      }
    },
    close: drop,
  };
}
