import type { NodeSpec } from '#shared/node-spec';
import { answerMs, connection } from '../../connectors/redis/params.ts';
import { ROWS_IN, ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** What Redis has under a key made of each row. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'redis',
  label: { en: 'Redis lookup', zh: 'Redis 查询' },
  summary: { en: 'Looks up a key for each row, many at a time, and adds what is there as columns.', zh: '为每行批量查询一个键，并将其内容作为列附上。' },
  icon: 'layers',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    connection,
    { name: 'key', label: { en: 'Key', zh: '键' }, help: { en: 'Which key belongs to a row: user:{id}, with {column} for its values. {{ is a brace itself.', zh: '每行对应的键：user:{id}，{列名} 为该行的值。{{ 表示花括号本身。' }, widget: { kind: 'text', placeholder: 'user:{id}', maxLength: 2000 }, required: true },
    {
      name: 'read', label: { en: 'What is there', zh: '读取方式' }, help: { en: 'Text, JSON and bytes are strings of Redis; fields and the whole are hashes.', zh: '文本、JSON 与字节对应字符串；字段与整体对应哈希。' },
      widget: { kind: 'select', options: [option('text', 'Text', '文本'), option('json', 'JSON', 'JSON'), option('binary', 'Bytes', '字节'), option('fields', 'Fields of a hash', '哈希字段'), option('hash', 'A whole hash, as JSON', '整个哈希（JSON）')] }, default: 'text',
    },
    { name: 'fields', label: { en: 'Fields', zh: '字段' }, help: { en: 'The fields to read; each becomes a column of that name.', zh: '要读取的字段；每个成为同名列。' }, widget: { kind: 'strings', placeholder: 'name' }, default: [], visibleWhen: { param: 'read', equals: ['fields'] } },
    { name: 'into', label: { en: 'Column', zh: '列名' }, help: { en: 'The column that takes the value.', zh: '存放值的列。' }, widget: { kind: 'text', maxLength: 200 }, default: 'value', visibleWhen: { param: 'read', equals: ['text', 'json', 'binary', 'hash'] } },
    {
      name: 'missing', label: { en: 'Without a key', zh: '键不存在时' }, help: { en: 'What becomes of a row whose key is not there, or has a NULL in it.', zh: '键不存在或含 NULL 的行如何处理。' },
      widget: { kind: 'select', options: [option('keep', 'Keep it, with NULL', '保留，值为 NULL'), option('drop', 'Leave it out', '去掉'), option('fail', 'Fail', '失败')] }, default: 'keep',
    },
    answerMs,
  ],
  keywords: ['cache', 'get', 'hget', 'enrich', '缓存', '查询', '键值'],
  repeatable: false,
};
