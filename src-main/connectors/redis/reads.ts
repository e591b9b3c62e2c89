import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import type { Command, RedisClient, Reply } from './client.ts';
import { textOfBytes } from './keys.ts';
import { replyFailure } from './replies.ts';

/** What is read, and how. */
export interface ReadPlan {
  readonly read: 'keys' | 'hash' | 'list' | 'stream';
  readonly pattern: string;
  readonly kind: 'any' | 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';
  readonly values: boolean;
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** 0 is without a limit. */
  readonly limit: number;
  readonly encoding: 'text' | 'binary';
}

/** Entries that are asked for at a time. */
const PAGE = 1000;
/** A hash, list or set with more entries is not put into one cell. */
const MOST_ITEMS = 100_000;

type Rows = AsyncGenerator<readonly (readonly unknown[])[]>;

export function columnsOf({ read, values, encoding }: ReadPlan): readonly Column[] {
  const value: Column = { name: 'value', type: encoding === 'binary' ? 'BLOB' : 'VARCHAR' };
  if (read === 'keys') return [{ name: 'key', type: 'VARCHAR' }, { name: 'type', type: 'VARCHAR' }, { name: 'ttl_ms', type: 'BIGINT' }, ...(values ? [value] : [])];
  if (read === 'hash') return [{ name: 'field', type: 'VARCHAR' }, value];
  return read === 'list' ? [{ name: 'index', type: 'BIGINT' }, value] : [{ name: 'id', type: 'VARCHAR' }, { name: 'fields', type: 'JSON' }];
}

const list = (reply: Reply | undefined): readonly Reply[] => (Array.isArray(reply) ? (reply as readonly Reply[]) : []);
const pairs = (items: readonly Reply[]): readonly (readonly [Reply, Reply])[] => Array.from({ length: Math.floor(items.length / 2) }, (_none, at) => [items[at * 2] ?? null, items[at * 2 + 1] ?? null] as const);

async function ask(client: RedisClient, command: Command, about: string): Promise<Reply> {
  const [reply = null] = await client.run([command], true);
  if (reply instanceof Error) throw replyFailure(reply.message, client.server, about);
  return reply;
}

const bytes = (reply: Reply): Buffer => (Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply)));

/** Values as the plan wants them. */
function valuesAs({ encoding }: ReadPlan, key: string): { readonly cell: (reply: Reply) => unknown; readonly json: (reply: Reply) => string; readonly name: (reply: Reply) => string } {
  const of = `What is under the key ${key.slice(0, 100)}`;
  const name = (reply: Reply): string => textOfBytes(bytes(reply), of);
  return encoding === 'binary' ? { cell: (reply) => new DuckDBBlobValue(bytes(reply)), json: (reply) => JSON.stringify(bytes(reply).toString('base64')), name } : { cell: name, json: (reply) => JSON.stringify(name(reply)), name };
}

/** Cursor by cursor, each page once; `known` takes out what Redis gives twice while it grows. */
async function* scanned(client: RedisClient, command: (cursor: string) => Command, about: string): AsyncGenerator<readonly Reply[]> {
  let cursor = '0';
  do {
    const [next = null, items] = list(await ask(client, command(cursor), about));
    cursor = Buffer.isBuffer(next) ? next.toString('utf8') : String(next);
    yield list(items);
  } while (cursor !== '0');
}

const COUNTS: { readonly [type: string]: string } = { hash: 'HLEN', list: 'LLEN', set: 'SCARD', zset: 'ZCARD' };
const WHOLE: { readonly [type: string]: (key: string) => Command } = {
  string: (key) => ['GET', key], hash: (key) => ['HGETALL', key], list: (key) => ['LRANGE', key, '0', '-1'], set: (key) => ['SMEMBERS', key], zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
};

async function keyRows(plan: ReadPlan, client: RedisClient, names: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const about = await client.run(names.flatMap((key): readonly Command[] => [['TYPE', key], ['PTTL', key]]), true);
  const found = names.flatMap((key, at) => {
    const [type = null, ttl = null] = [about[at * 2], about[at * 2 + 1]];
    if (type instanceof Error) throw replyFailure(type.message, client.server, `key ${key.slice(0, 100)}`);
    const name = String(type);
    const lives = Number(String(ttl));
    // It may have gone since the scan.
    return name === 'none' || (plan.kind !== 'any' && name !== plan.kind) ? [] : [{ key, type: name, ttl: lives >= 0 ? BigInt(lives) : null }];
  });
  if (!plan.values) return found.map(({ key, type, ttl }) => [key, type, ttl]);
  const counted = found.filter(({ type }) => COUNTS[type] !== undefined);
  const counts = await client.run(counted.map(({ key, type }): Command => [COUNTS[type] ?? '', key]), true);
  counted.forEach(({ key, type }, at) => {
    if (Number(String(counts[at])) > MOST_ITEMS) throw new StudioError('node_failed', `The ${type} ${key.slice(0, 100)} has more than ${MOST_ITEMS.toLocaleString('en')} entries, too many for one cell.`, { place: 'values', remedy: 'Read it by itself, or read the keys without their values.' });
  });
  const readable = found.filter(({ type }) => WHOLE[type] !== undefined);
  const replies = await client.run(readable.map(({ key, type }) => WHOLE[type]?.(key) ?? ['GET', key]), true);
  const byKey = new Map(readable.map(({ key }, at) => [key, replies[at] ?? null]));
  return found.map(({ key, type, ttl }) => [key, type, ttl, cellOf(plan, client, key, type, byKey.get(key) ?? null)]);
}

function cellOf(plan: ReadPlan, client: RedisClient, key: string, type: string, reply: Reply): unknown {
  if (reply instanceof Error) throw replyFailure(reply.message, client.server, `key ${key.slice(0, 100)}`);
  if (reply === null || WHOLE[type] === undefined) return null;
  const as = valuesAs(plan, key);
  if (type === 'string') return as.cell(reply);
  const items = list(reply);
  const text = type === 'hash' ? `{${pairs(items).map(([name, value]) => `${JSON.stringify(as.name(name))}:${as.json(value)}`).join(',')}}`
    : type === 'zset' ? `[${pairs(items).map(([member, score]) => `[${as.json(member)},${scoreOf(String(score))}]`).join(',')}]` : `[${items.map(as.json).join(',')}]`;
  return plan.encoding === 'binary' ? new DuckDBBlobValue(Buffer.from(text)) : text;
}

/** A score is a number of JSON's unless it is infinite. */
const scoreOf = (score: string): string => (/inf|nan/i.test(score) ? JSON.stringify(score) : score);

async function* keys(plan: ReadPlan, client: RedisClient): Rows {
  const seen = new Set<string>();
  const only = plan.kind === 'any' ? [] : ['TYPE', plan.kind];
  for await (const page of scanned(client, (cursor) => ['SCAN', cursor, 'MATCH', plan.pattern, 'COUNT', String(PAGE), ...only], `pattern ${plan.pattern}`)) {
    const fresh = page.map((key) => textOfBytes(bytes(key), 'A key')).filter((key) => !seen.has(key) && seen.add(key) !== undefined);
    if (fresh.length > 0) yield await keyRows(plan, client, fresh);
  }
}

async function* hash(plan: ReadPlan, client: RedisClient): Rows {
  const as = valuesAs(plan, plan.key);
  const seen = new Set<string>();
  for await (const page of scanned(client, (cursor) => ['HSCAN', plan.key, cursor, 'COUNT', String(PAGE)], `key ${plan.key}`)) {
    yield pairs(page).map(([name, value]) => [as.name(name), as.cell(value)] as const).filter(([name]) => !seen.has(name) && seen.add(name) !== undefined);
  }
}

async function* entries(plan: ReadPlan, client: RedisClient): Rows {
  const as = valuesAs(plan, plan.key);
  const length = Number(String(await ask(client, ['LLEN', plan.key], `key ${plan.key}`)));
  const position = (text: string, otherwise: number): number => {
    if (text.trim() === '') return otherwise;
    if (!/^-?\d+$/.test(text.trim())) throw new StudioError('node_failed', `“${text}” is not a position in a list.`, { place: 'from', remedy: 'Write a whole number; −1 is the last entry.' });
    return Number(text) < 0 ? Math.max(0, length + Number(text)) : Number(text);
  };
  const last = Math.min(length - 1, plan.to.trim().startsWith('-') && length + Number(plan.to) < 0 ? -1 : position(plan.to, length - 1));
  for (let from = position(plan.from, 0); from <= last; from += PAGE) {
    const page = list(await ask(client, ['LRANGE', plan.key, String(from), String(Math.min(last, from + PAGE - 1))], `key ${plan.key}`));
    if (page.length === 0) return;
    yield page.map((item, at) => [BigInt(from + at), as.cell(item)]);
  }
}

async function* stream(plan: ReadPlan, client: RedisClient): Rows {
  const as = valuesAs(plan, plan.key);
  const about = `key ${plan.key}`;
  const idOf = (entry: Reply): string => String(list(entry)[0] ?? '');
  // The end as it is now: what is added while we read is for the next time.
  const [newest] = list(await ask(client, ['XREVRANGE', plan.key, '+', '-', 'COUNT', '1'], about));
  if (newest === undefined) return;
  const to = plan.to.trim() === '' ? idOf(newest) : plan.to.trim();
  for (let from = plan.from.trim() === '' ? '-' : plan.from.trim(); ; ) {
    const page = list(await ask(client, ['XRANGE', plan.key, from, to, 'COUNT', String(PAGE)], about));
    yield page.map((entry) => [idOf(entry), `{${pairs(list(list(entry)[1])).map(([name, value]) => `${JSON.stringify(as.name(name))}:${as.json(value)}`).join(',')}}`]);
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return;
    from = `(${idOf(end)}`;
  }
}

const readers: { readonly [K in ReadPlan['read']]: (plan: ReadPlan, client: RedisClient) => Rows } = { keys, hash, list: entries, stream };

/** What the plan reads, in batches, the first of which tells the columns even without rows. */
export async function* readRows(plan: ReadPlan, client: RedisClient): AsyncGenerator<Batch> {
  const columns = columnsOf(plan);
  let left = plan.limit === 0 ? Number.POSITIVE_INFINITY : plan.limit;
  yield { columns, rows: [] };
  for await (const rows of readers[plan.read](plan, client)) {
    yield { columns, rows: rows.length > left ? rows.slice(0, left) : rows };
    left -= rows.length;
    if (left <= 0) return;
  }
}
