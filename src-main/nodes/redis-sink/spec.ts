import type { NodeSpec, Param } from '#shared/node-spec';
import { answerMs, connection } from '../../connectors/redis/params.ts';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });
const when = (...equals: readonly string[]): Pick<Param, 'visibleWhen'> => ({ visibleWhen: { param: 'write', equals } });

/** Rows into Redis: strings, hashes, lists, streams. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'redis',
  label: { en: 'Write to Redis', zh: '写入 Redis' },
  summary: { en: 'Writes each row under a key: as a string or a hash, or at the end of a list or a stream.', zh: '将每行写入键：字符串或哈希，或追加到列表或流。' },
  icon: 'layers',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    connection,
    {
      name: 'write', label: { en: 'Write', zh: '写入方式' }, help: { en: 'A string or a hash stands under a key of its own and is the same when it is written again. A list and a stream grow: a run that is interrupted asks before it adds the rows again.', zh: '字符串与哈希各占一个键，重复写入结果相同。列表与流会增长：中断的运行在再次追加前会询问。' },
      widget: { kind: 'select', options: [option('string', 'A string (SET)', '字符串（SET）'), option('hash', 'A hash (HSET)', '哈希（HSET）'), option('list', 'Into a list (PUSH)', '列表（PUSH）'), option('stream', 'Into a stream (XADD)', '流（XADD）')] }, default: 'string',
    },
    { name: 'key', label: { en: 'Key', zh: '键' }, help: { en: 'Where a row goes: user:{id}, with {column} for its values. {{ is a brace itself.', zh: '行写入的键：user:{id}，{列名} 为该行的值。{{ 表示花括号本身。' }, widget: { kind: 'text', placeholder: 'user:{id}', maxLength: 2000 }, required: true },
    { name: 'value', label: { en: 'Value', zh: '值' }, help: { en: 'The column whose value is written; bytes go as they are. Empty writes the whole row as JSON.', zh: '要写入的列；字节原样写入。留空则写入整行 JSON。' }, widget: { kind: 'column' }, default: '', ...when('string', 'list') },
    { name: 'columns', label: { en: 'Fields', zh: '字段' }, help: { en: 'The columns that become fields; none chosen means all. A NULL is no field.', zh: '成为字段的列；不选即全部。NULL 不写入字段。' }, widget: { kind: 'columns' }, default: [], ...when('hash', 'stream') },
    { name: 'replace', label: { en: 'Replace it', zh: '整体替换' }, help: { en: 'Take away the fields that the hash had before. Otherwise they stay, except those that are NULL now.', zh: '清除哈希原有字段；否则保留（现为 NULL 的除外）。' }, widget: { kind: 'boolean' }, default: false, ...when('hash') },
    { name: 'side', label: { en: 'At the', zh: '位置' }, help: { en: 'At which end of the list a row is added.', zh: '行追加到列表的哪一端。' }, widget: { kind: 'select', options: [option('right', 'End (RPUSH)', '末尾（RPUSH）'), option('left', 'Beginning (LPUSH)', '开头（LPUSH）')] }, default: 'right', ...when('list') },
    { name: 'maxLength', label: { en: 'At most', zh: '最大长度' }, help: { en: 'Entries that the list or stream keeps, the newest (for a stream about as many); 0 is without a limit.', zh: '列表或流保留的最新条目数（流为近似值）；0 表示不限制。' }, widget: { kind: 'number', integer: true, min: 0, max: 1_000_000_000 }, default: 0, ...when('list', 'stream') },
    { name: 'onExisting', label: { en: 'When the key is there', zh: '键已存在时' }, help: { en: 'Whether a string that is there already is replaced or stays.', zh: '已存在的字符串是替换还是保留。' }, widget: { kind: 'select', options: [option('replace', 'Replace it', '替换'), option('keep', 'Keep it', '保留')] }, default: 'replace', ...when('string') },
    { name: 'ttl', label: { en: 'Lives for', zh: '有效期' }, help: { en: 'Seconds until the key goes away by itself; 0 is for ever.', zh: '键自动过期的秒数；0 表示永久。' }, widget: { kind: 'number', min: 0, max: 1_000_000_000 }, default: 0 },
    answerMs,
  ],
  keywords: ['cache', 'set', 'hset', 'queue', 'xadd', 'ttl', '缓存', '队列', '键值'],
  repeatable: true,
};
