import type { NodeSpec, Param } from '#shared/node-spec';
import { answerMs, connection } from '../../connectors/redis/params.ts';
import { ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });
const when = (...equals: readonly string[]): Pick<Param, 'visibleWhen'> => ({ visibleWhen: { param: 'read', equals } });

/** What Redis holds, as rows. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'redis',
  label: { en: 'Redis', zh: 'Redis' },
  summary: { en: 'Reads keys and their values, or what one hash, list or stream holds.', zh: '读取键及其值，或某个哈希、列表、流的内容。' },
  icon: 'layers',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    connection,
    {
      name: 'read', label: { en: 'Read', zh: '读取' }, help: { en: 'Keys that fit a pattern, or the entries of one key.', zh: '符合模式的键，或某个键的条目。' },
      widget: { kind: 'select', options: [option('keys', 'Keys', '键'), option('hash', 'A hash', '哈希'), option('list', 'A list', '列表'), option('stream', 'A stream', '流')] }, default: 'keys',
    },
    { name: 'pattern', label: { en: 'Pattern', zh: '模式' }, help: { en: 'Which keys: * stands for any letters, ? for one, [ab] for one of these.', zh: '键的模式：* 任意字符，? 单个字符，[ab] 其中之一。' }, widget: { kind: 'text', maxLength: 2000 }, default: '*', ...when('keys') },
    { name: 'kind', label: { en: 'Only', zh: '仅限类型' }, help: { en: 'Only keys of this kind.', zh: '仅读取该类型的键。' }, widget: { kind: 'select', options: [option('any', 'All kinds', '全部'), option('string', 'Strings', '字符串'), option('hash', 'Hashes', '哈希'), option('list', 'Lists', '列表'), option('set', 'Sets', '集合'), option('zset', 'Sorted sets', '有序集合'), option('stream', 'Streams', '流')] }, default: 'any', ...when('keys') },
    { name: 'values', label: { en: 'With values', zh: '包含值' }, help: { en: 'Also read what is under each key: strings as they are, the other kinds as JSON. A stream’s is NULL.', zh: '同时读取每个键的值：字符串原样，其他类型为 JSON；流为 NULL。' }, widget: { kind: 'boolean' }, default: true, ...when('keys') },
    { name: 'key', label: { en: 'Key', zh: '键' }, help: { en: 'The key to read.', zh: '要读取的键。' }, widget: { kind: 'text', maxLength: 2000 }, required: true, ...when('hash', 'list', 'stream') },
    { name: 'from', label: { en: 'From', zh: '起始' }, help: { en: 'Of a list: the first position (0; −1 is the last). Of a stream: the first id; empty is its beginning.', zh: '列表：起始位置（0；−1 为最后）。流：起始 ID；留空为开头。' }, widget: { kind: 'text', maxLength: 100 }, default: '', ...when('list', 'stream') },
    { name: 'to', label: { en: 'To', zh: '结束' }, help: { en: 'The last position or id, itself included; empty is the end that there is when the run starts.', zh: '结束位置或 ID（包含）；留空为运行开始时的末尾。' }, widget: { kind: 'text', maxLength: 100 }, default: '', ...when('list', 'stream') },
    { name: 'limit', label: { en: 'Most rows', zh: '最多行数' }, help: { en: 'No more rows are read; 0 is without a limit.', zh: '最多读取的行数；0 表示不限制。' }, widget: { kind: 'number', integer: true, min: 0, max: 1_000_000_000 }, default: 0 },
    { name: 'encoding', label: { en: 'Values are', zh: '值的形式' }, help: { en: 'Text in UTF-8, or bytes as they are (in JSON as Base64).', zh: 'UTF-8 文本，或原始字节（JSON 中为 Base64）。' }, widget: { kind: 'select', options: [option('text', 'Text', '文本'), option('binary', 'Bytes', '字节')] }, default: 'text' },
    answerMs,
  ],
  keywords: ['cache', 'scan', 'hgetall', 'lrange', 'xrange', '缓存', '键值', '队列'],
  repeatable: false,
};
