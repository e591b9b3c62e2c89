import { connect } from 'node:net';
import { lookup } from 'node:dns/promises';
import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { shakeHands } from './handshake.ts';
import { createTries } from './patience.ts';
import { listening, quietly } from './reach.ts';
import { clientOptions, placeOf, settingsOf } from './settings.ts';
import type { KafkaSettings } from './settings.ts';

type Broker = KafkaSettings['brokers'][number];

/** Whether somebody listens there. */
function knock({ host, port }: Broker, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
    socket.once('timeout', () => {
      socket.destroy();
      reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
    });
  });
}

/** The first broker that can be found or reached; the first failure where there is none. */
async function firstOf<T>(brokers: readonly Broker[], work: (broker: Broker) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const broker of brokers) {
    try {
      return await work(broker);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const step: typeof steps.step = (...args) => steps.step(...args);
      const settings = await step('settings', 'They are complete.', async () => settingsOf(connection));
      const place = placeOf(settings);
      const once = createTries({ ms: 0, signal, steady: () => performance.now(), say: () => undefined }, { place });
      const { brokers, connectTimeoutMs, tls, sasl } = settings;
      await step('host', (address) => `${address} was found.`, () => once.attempt(() => firstOf(brokers, async ({ host }) => (await lookup(host)).address)));
      await step('port', ({ port }) => `Somebody listens at port ${port}.`, () => once.attempt(() => firstOf(brokers, async (broker) => (await knock(broker, connectTimeoutMs), broker))));
      const { Admin } = await import('@platformatic/kafka');
      const admin = listening(new Admin(clientOptions(settings)));
      try {
        const line = (): Promise<unknown> => once.attempt(() => admin.listApis());
        if (tls !== null) await step('tls', tls.rejectUnauthorized === false ? 'The line is encrypted; whose it is was not verified.' : 'The line is encrypted, and the broker is who it says it is.', () => once.attempt(() => firstOf(brokers, (broker) => shakeHands(broker, tls, connectTimeoutMs))));
        if (sasl !== null) await step('login', `${sasl.username} is logged in (${sasl.mechanism}).`, line);
        const metadata = await step('ready', ({ brokers: found, topics }) => `${found} broker${found === 1 ? '' : 's'}, ${topics} topic${topics === 1 ? '' : 's'}.`, async () => {
          await line();
          const found = await once.attempt(() => admin.metadata({}));
          return { id: found.id, brokers: found.brokers.size, topics: (await once.attempt(() => admin.listTopics())).length };
        });
        return `Kafka cluster ${metadata.id}`;
      } finally {
        await quietly(() => admin.close());
      }
    }),
};

export default connector;
