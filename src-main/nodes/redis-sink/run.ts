import type { Command, RedisClient, Reply } from '../../connectors/redis/client.ts';
import { replyFailure } from '../../connectors/redis/replies.ts';
import { writesOf } from '../../connectors/redis/writes.ts';
import type { RowWrite, WritePlan } from '../../connectors/redis/writes.ts';
import { placesIn } from '../../connectors/template.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { fromErrorInfo, toErrorInfo } from '#shared/errors';
import { spec } from './spec.ts';

interface Config extends WritePlan {
  readonly connection: string;
  readonly answerMs: number;
}

/** Rows and bytes that are sent together, each bundle whole or not at all (MULTI). */
const ROWS = 1024;
const BYTES = 4 << 20;

/** Does it grow by what is written again? */
const grows = ({ write }: Config): boolean => write === 'list' || write === 'stream';

/** The replies to the commands within MULTI, or the error that undid them. */
function executed(replies: readonly Reply[], server: string, keyAt: (index: number) => string): readonly Reply[] {
  const last = replies.at(-1);
  const queued = replies.findIndex((reply) => reply instanceof Error);
  const refused = queued < 0 ? undefined : replies[queued];
  if (refused instanceof Error) throw replyFailure(refused.message, server, queued > 0 && queued < replies.length - 1 ? `key ${keyAt(queued - 1)}` : undefined);
  return Array.isArray(last) ? (last as readonly Reply[]) : [];
}

async function written(config: Config, client: RedisClient, writes: readonly RowWrite[], first: number, context: StreamContext): Promise<void> {
  const commands: Command[] = [];
  const owner: number[] = [];
  writes.forEach((write, index) => {
    for (const command of write.commands) {
      commands.push(command);
      owner.push(index);
    }
  });
  const keyAt = (index: number): string => (writes[owner[index] ?? 0]?.key ?? '').slice(0, 100);
  let replies: readonly Reply[];
  try {
    replies = await client.run([['MULTI'], ...commands, ['EXEC']], !grows(config));
  } catch (thrown) {
    context.signal.throwIfAborted();
    const info = toErrorInfo(thrown);
    if (!grows(config) || info.code === 'internal') throw thrown;
    throw fromErrorInfo({ ...info, message: `${info.message} ${(first - 1).toLocaleString('en')} rows were added before; whether the ${writes.length.toLocaleString('en')} after them were too is not known.`, remedy: 'Look at the end of the list or stream before you run it again.' });
  }
  const results = executed(replies, client.server, keyAt);
  const wrong = results.findIndex((reply) => reply instanceof Error);
  const error = results[wrong];
  if (error instanceof Error) throw replyFailure(error.message, client.server, `row ${(first + (owner[wrong] ?? 0)).toLocaleString('en')}, key ${keyAt(wrong)}`);
  context.report('rows', writes.length);
  if (config.write === 'string' && config.onExisting === 'keep') {
    const kept = results.filter((reply) => reply === null).length;
    if (kept > 0) context.report('were there already', kept);
  }
}

async function run(config: Config, input: AsyncIterable<Batch>, client: RedisClient, context: StreamContext): Promise<void> {
  let bundle: RowWrite[] = [];
  let bytes = 0;
  let sent = 0;
  const flush = async (): Promise<void> => {
    if (bundle.length === 0) return;
    if (sent === 0 && grows(config)) await context.intend({ what: `The rows would be added again to the ${config.write} ${placesIn(config.key).length === 0 ? config.key : `of each key ${config.key}`} at ${client.server}, from the first one on`, rows: bundle.length });
    await written(config, client, bundle, sent + 1, context);
    sent += bundle.length;
    [bundle, bytes] = [[], 0];
  };
  let number = 0;
  for await (const batch of input) {
    const writeOf = writesOf(config, batch.columns);
    for (const row of batch.rows) {
      const write = writeOf(row, (number += 1));
      bundle.push(write);
      bytes += write.bytes;
      if (bundle.length >= ROWS || bytes >= BYTES) await flush();
    }
  }
  await flush();
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  repeatable: (config) => !grows(config),
  async *stream(config, input, context) {
    const { openRedis } = await import('../../connectors/redis/client.ts');
    const client = await openRedis({ connection: await context.connection(config.connection, ['redis']), signal: context.signal, answerMs: config.answerMs });
    try {
      if (input !== null) await run(config, input, client, context);
    } finally {
      client.close();
    }
    yield* [];
  },
});
