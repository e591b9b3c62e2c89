import { StudioError } from '#shared/errors';
import { checkReach, settingsFor } from '../../connectors/kafka/reach.ts';
import type { Reach } from '../../connectors/kafka/reach.ts';
import { openSender } from '../../connectors/kafka/sending.ts';
import type { Delivery, Parcel, Sender } from '../../connectors/kafka/sending.ts';
import { placeOf } from '../../connectors/kafka/settings.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { spec } from './spec.ts';
import type { Making, Outgoing } from './messages.ts';

interface Config extends Reach, Making, Delivery {
  readonly topic: string;
  readonly batch: number;
  readonly patienceMs: number;
}

/** Rows in groups of `size`, with the number of the first. */
function* slices(rows: Batch['rows'], size: number, from: number): Generator<readonly [rows: Batch['rows'], first: number]> {
  for (let at = 0; at < rows.length; at += size) yield [rows.slice(at, at + size), from + at];
}

async function sendAll(input: AsyncIterable<Batch>, config: Config, place: string, sender: Sender, context: StreamContext): Promise<void> {
  const { messageMaker } = await import('./messages.ts');
  const { topic } = config;
  const partitions = await sender.partitions();
  if (partitions === 0) throw new StudioError('not_found', `The cluster has no topic “${topic}”.`, { place, remedy: 'Check its name, or have it made; Millrace makes no topics.' });
  let [count, turn] = [0, 0];
  const addressed = (message: Outgoing): Parcel => {
    if (message.partition !== null) return { ...message, partition: message.partition };
    if (message.key !== null) return { ...message, partition: sender.partitionOf(message.key, partitions) };
    turn += 1;
    return { ...message, partition: turn % partitions };
  };
  for await (const batch of input) {
    const make = messageMaker(batch.columns, config, partitions);
    for (const [rows, first] of slices(batch.rows, config.batch, count + 1)) {
      const parcels = rows.map((row, index) => addressed(make(row, first + index)));
      if (count === 0) await context.intend({ what: `The rows are sent to the topic “${topic}” at ${place}, one message each. A repeat would send them again, from the first one on.`, rows: rows.length });
      await sender.send(parcels);
      count += rows.length;
    }
  }
  context.report('messages', count);
  if (count > 0) context.console(`${count} message${count === 1 ? '' : 's'} confirmed: ${sender.confirmed().map(({ partition, first, last }) => `partition ${partition}, offsets ${first} to ${last}`).join('; ')}.`);
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: (config) => checkReach(config),
  async *stream(config, input, context) {
    if (input === null) throw new StudioError('invalid_input', 'Nothing is connected to the node’s input yet.', { remedy: 'Connect a source or a transform to its input first.' });
    const settings = await settingsFor(config, (name, kinds) => context.connection(name, kinds));
    const doing = { place: placeOf(settings), topic: config.topic };
    const sender = await openSender(settings, config.topic, config, { ms: config.patienceMs, signal: context.signal, steady: () => performance.now(), say: (line) => context.console(line) }, doing);
    try {
      await sendAll(input, config, doing.place, sender, context);
    } finally {
      await sender.close();
    }
    yield* [];
  },
});
