import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import type { Command, RedisClient, Reply } from '../../connectors/redis/client.ts';
import { keysOf, textOfBytes } from '../../connectors/redis/keys.ts';
import { replyFailure } from '../../connectors/redis/replies.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { failed } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly connection: string;
  readonly key: string;
  readonly read: 'text' | 'json' | 'binary' | 'fields' | 'hash';
  readonly fields: readonly string[];
  readonly into: string;
  readonly missing: 'keep' | 'drop' | 'fail';
  readonly answerMs: number;
}

/** Keys that are asked for together: their values are in memory at once. */
const BUNDLE = 512;

const TYPES = { text: 'VARCHAR', json: 'JSON', binary: 'BLOB', hash: 'JSON' } as const;
const added = (config: Config): readonly Column[] => (config.read === 'fields' ? config.fields.map((name) => ({ name, type: 'VARCHAR' })) : [{ name: config.into, type: TYPES[config.read] }]);

function distinct(columns: readonly Column[]): readonly Column[] {
  const taken = new Set<string>();
  for (const { name } of columns) {
    if (taken.has(name.toLowerCase())) throw failed('into', `There would be two columns called “${name}”.`, 'Choose another name, or rename the other one before this node.');
    taken.add(name.toLowerCase());
  }
  return columns;
}

function commandOf({ read, fields }: Config, key: string): Command {
  if (read === 'fields') return ['HMGET', key, ...fields];
  return [read === 'hash' ? 'HGETALL' : 'GET', key];
}

/** What a reply gives for the added columns; null where there is no such key. */
function valuesOf({ read }: Config, key: string, reply: Reply | undefined, server: string): readonly unknown[] | null {
  if (reply instanceof Error) throw replyFailure(reply.message, server, `key ${key.slice(0, 100)}`);
  const text = (bytes: Reply | undefined): string | null => (Buffer.isBuffer(bytes) ? textOfBytes(bytes, `What is under the key ${key.slice(0, 100)}`) : null);
  if (Array.isArray(reply)) {
    const items = reply as readonly Reply[];
    if (read === 'fields') return items.every((item) => item === null) ? null : items.map(text);
    if (items.length === 0) return null;
    const pairs = Array.from({ length: items.length / 2 }, (_none, index) => `${JSON.stringify(text(items[index * 2]))}:${JSON.stringify(text(items[index * 2 + 1]))}`);
    return [`{${pairs.join(',')}}`];
  }
  if (!Buffer.isBuffer(reply)) return null;
  if (read === 'binary') return [new DuckDBBlobValue(reply)];
  const value = text(reply) ?? '';
  if (read === 'json') {
    try {
      JSON.parse(value);
    } catch {
      throw failed('read', `What is under the key ${key.slice(0, 100)} is not JSON.`, 'Read it as text.');
    }
  }
  return [value];
}

async function* looked(config: Config, client: RedisClient, input: AsyncIterable<Batch>, context: StreamContext): AsyncGenerator<Batch> {
  const extra = added(config);
  let first = 1;
  for await (const batch of input) {
    const columns = distinct([...batch.columns, ...extra]);
    const keyOf = keysOf(config.key, batch.columns);
    const rows: (readonly unknown[])[] = [];
    for (let from = 0; from < batch.rows.length; from += BUNDLE) {
      const part = batch.rows.slice(from, from + BUNDLE);
      const keys = part.map(keyOf);
      const wanted = [...new Set(keys.filter((key) => key !== null))];
      const replies = await client.run(wanted.map((key) => commandOf(config, key)), true);
      const found = new Map(wanted.map((key, index) => [key, valuesOf(config, key, replies[index], client.server)]));
      part.forEach((row, index) => {
        const key = keys[index] ?? null;
        const values = key === null ? null : (found.get(key) ?? null);
        context.report(values === null ? 'not found' : 'found', 1);
        if (values === null && config.missing === 'fail') throw failed('key', key === null ? `Row ${(first + from + index).toLocaleString('en')} has a NULL where its key needs a value.` : `Row ${(first + from + index).toLocaleString('en')}: there is no key ${key.slice(0, 100)}.`, 'Choose what becomes of such rows.');
        if (values !== null || config.missing === 'keep') rows.push([...row, ...(values ?? extra.map(() => null))]);
      });
    }
    first += batch.rows.length;
    yield { columns, rows };
  }
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: (config) => (config.read === 'fields' && config.fields.length === 0 ? [{ field: 'fields', message: 'No fields are named.', remedy: 'Name the fields to read, or read the whole hash.' }] : []),
  async *stream(config, input, context) {
    const { openRedis } = await import('../../connectors/redis/client.ts');
    const client = await openRedis({ connection: await context.connection(config.connection, ['redis']), signal: context.signal, answerMs: config.answerMs });
    try {
      if (input !== null) yield* looked(config, client, input, context);
    } finally {
      client.close();
    }
  },
});
