import type { NodeSpec } from '#shared/node-spec';
import { CLUSTER } from '../../connectors/kafka/params.ts';
import { ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Reads what a group has not read of a topic yet, and moves the group when all of it has been dealt with. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'kafka.consumer',
  label: { en: 'Read from Kafka', zh: '读取 Kafka' },
  summary: { en: 'Reads the messages of a topic that its group has not read yet; the group moves on once every sink of the run has written.', zh: '读取消费组尚未读取的主题消息；运行的所有输出写完后，消费组位置才会前移。' },
  icon: 'radio-tower',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    ...CLUSTER,
    { name: 'groupId', label: { en: 'Group', zh: '消费组' }, help: { en: 'Whose place in the topic this is. One workflow, one group: two that share one would read the same messages.', zh: '记录读取位置的消费组。一个工作流使用一个组；共用会读到相同的消息。' }, widget: { kind: 'text', maxLength: 249 }, default: 'millrace' },
    {
      name: 'from', label: { en: 'Without a place, begin', zh: '无位置时从' },
      help: { en: 'Where the group begins as long as it has no place in the topic. Afterwards it always goes on where it stands.', zh: '消费组在该主题中尚无位置时的起点；之后始终从其位置继续。' },
      widget: { kind: 'select', options: [option('earliest', 'At the first message', '最早的消息'), option('latest', 'At the end: what comes from now on', '末尾（仅新消息）'), option('committed', 'Not at all: fail', '不开始（报错）')] }, default: 'earliest',
    },
    {
      name: 'format', label: { en: 'Messages are', zh: '消息格式' },
      help: { en: 'JSON and CSV give a column a field; text and bytes one column `value`. Beside them stand `key`, `headers`, `partition`, `offset`, `timestamp` and `topic`.', zh: 'JSON 与 CSV 每个字段一列；文本与字节为一列 `value`。此外还有 `key`、`headers`、`partition`、`offset`、`timestamp`、`topic` 列。' },
      widget: { kind: 'select', options: [option('json', 'JSON', 'JSON'), option('text', 'Text', '文本'), option('csv', 'CSV', 'CSV'), option('bytes', 'Bytes', '字节')] }, default: 'json',
    },
    {
      name: 'fields', label: { en: 'Fields', zh: '字段' },
      help: { en: 'The columns that JSON or CSV gives, always the same. Left empty, they are read off the first 1,000 messages; what comes later, or does not fit, goes into the column `more`.', zh: 'JSON 或 CSV 提供的固定列。留空则由前 1000 条消息推断；之后出现或类型不符的内容放入 `more` 列。' },
      widget: {
        kind: 'list', addLabel: { en: 'Add a field', zh: '添加字段' },
        item: [
          { name: 'name', label: { en: 'Name', zh: '名称' }, help: { en: 'The field’s name; of CSV, the columns in their order.', zh: '字段名；CSV 按列顺序。' }, widget: { kind: 'text', maxLength: 200 }, required: true },
          { name: 'type', label: { en: 'Type', zh: '类型' }, help: { en: 'What its values are.', zh: '值的类型。' }, widget: { kind: 'select', options: [option('VARCHAR', 'Text', '文本'), option('BIGINT', 'Integer', '整数'), option('DOUBLE', 'Number', '数值'), option('BOOLEAN', 'Yes or no', '布尔'), option('JSON', 'JSON', 'JSON')] }, default: 'VARCHAR' },
        ],
      },
      default: [], visibleWhen: { param: 'format', equals: ['json', 'csv'] },
    },
    {
      name: 'until', label: { en: 'Reads until', zh: '读取至' },
      help: { en: 'To where the topic ended when the run began, or on until nothing has come for a while.', zh: '读到运行开始时主题的末尾，或一直读到一段时间无新消息。' },
      widget: { kind: 'select', options: [option('end', 'The end as it was', '开始时的末尾'), option('idle', 'Nothing more comes', '无新消息')] }, default: 'end',
    },
    { name: 'idleMs', label: { en: 'Give up after', zh: '空闲时限' }, help: { en: 'A run ends when no message has come for so many milliseconds.', zh: '超过该毫秒数无消息则结束。' }, widget: { kind: 'number', integer: true, min: 100, max: 3_600_000 }, default: 10_000 },
    { name: 'maxMessages', label: { en: 'At most', zh: '最多' }, help: { en: 'A run reads no more messages than this; 0 is no limit. The next run goes on from there.', zh: '一次运行最多读取的消息数；0 为不限。下次运行从此继续。' }, widget: { kind: 'number', integer: true, min: 0, max: 1_000_000_000 }, default: 0 },
    {
      name: 'onBad', label: { en: 'A message that can’t be read', zh: '无法解析的消息' },
      help: { en: 'Fail naming its partition and offset, leave it out and count it, or keep its text in the column `more` (of text: with signs for what is no UTF-8).', zh: '报错并指出分区与偏移量，或跳过并计数，或将原文保留在 `more` 列。' },
      widget: { kind: 'select', options: [option('fail', 'Fail', '报错'), option('skip', 'Leave it out', '跳过'), option('keep', 'Keep its text', '保留原文')] }, default: 'fail',
    },
    { name: 'keyAs', label: { en: 'Keys are', zh: '键格式' }, help: { en: 'What the column `key` holds.', zh: '`key` 列的内容类型。' }, widget: { kind: 'select', options: [option('text', 'Text', '文本'), option('bytes', 'Bytes', '字节')] }, default: 'text', advanced: true },
    { name: 'isolation', label: { en: 'Transactions', zh: '事务' }, help: { en: 'Whether messages of transactions are read that are open or were aborted.', zh: '是否读取未提交或已中止事务中的消息。' }, widget: { kind: 'select', options: [option('committed', 'Only what is committed', '仅已提交'), option('uncommitted', 'Everything', '全部')] }, default: 'committed', advanced: true },
    { name: 'patienceMs', label: { en: 'Wait for brokers', zh: '等待服务器' }, help: { en: 'How long a broker that is away is tried again, in milliseconds.', zh: '服务器不可用时重试的最长时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 0, max: 3_600_000 }, default: 30_000, advanced: true },
  ],
  keywords: ['queue', 'stream', 'topic', 'message', 'events', '消息', '队列', '主题', '流'],
  repeatable: false,
};
