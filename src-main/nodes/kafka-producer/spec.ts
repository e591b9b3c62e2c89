import type { NodeSpec } from '#shared/node-spec';
import { CLUSTER } from '../../connectors/kafka/params.ts';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Sends a message for each row, in their order, each once. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'kafka.producer',
  label: { en: 'Write to Kafka', zh: '写入 Kafka' },
  summary: { en: 'Sends each row as a message, in order and once, and waits until the cluster has confirmed it.', zh: '将每行作为一条消息按顺序恰好发送一次，并等待集群确认。' },
  icon: 'radio-tower',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    ...CLUSTER,
    { name: 'key', label: { en: 'Key', zh: '键' }, help: { en: 'The column that messages are keyed by: those of one key keep their order. Left empty, they have none.', zh: '作为消息键的列：相同键的消息保持顺序。留空则无键。' }, widget: { kind: 'column' }, default: '' },
    { name: 'value', label: { en: 'Value', zh: '值' }, help: { en: 'The column that is the message as it stands; NULL is a tombstone. Left empty, the row’s columns are sent as JSON.', zh: '直接作为消息内容的列；NULL 为墓碑消息。留空则以 JSON 发送各列。' }, widget: { kind: 'column' }, default: '' },
    { name: 'headers', label: { en: 'Headers', zh: '消息头' }, help: { en: 'Columns that go into headers of their names; NULL leaves one out.', zh: '写入同名消息头的列；NULL 则省略。' }, widget: { kind: 'columns' }, default: [] },
    { name: 'partition', label: { en: 'Partition', zh: '分区' }, help: { en: 'The column with the number of the partition. Left empty, the key decides, and rows without one are spread evenly.', zh: '存放分区号的列。留空则由键决定；无键的行均匀分布。' }, widget: { kind: 'column' }, default: '', advanced: true },
    { name: 'timestamp', label: { en: 'Timestamp', zh: '时间戳' }, help: { en: 'The column with the time of the message (a timestamp). Left empty, it is the time it is sent.', zh: '消息时间所在的列（时间戳）。留空则为发送时间。' }, widget: { kind: 'column' }, default: '', advanced: true },
    { name: 'acks', label: { en: 'Confirmed by', zh: '确认方式' }, help: { en: 'All replicas, which sending each message just once needs; or the leader alone, which is quicker and may lose or double some.', zh: '所有副本（保证恰好一次），或仅领导者（更快，但可能丢失或重复）。' }, widget: { kind: 'select', options: [option('all', 'All replicas', '所有副本'), option('leader', 'The leader', '领导者')] }, default: 'all', advanced: true },
    { name: 'compression', label: { en: 'Compression', zh: '压缩' }, help: { en: 'How batches are compressed.', zh: '批次的压缩方式。' }, widget: { kind: 'select', options: [option('none', 'None', '无'), option('gzip', 'gzip', 'gzip'), option('snappy', 'Snappy', 'Snappy'), option('lz4', 'LZ4', 'LZ4'), option('zstd', 'Zstandard', 'Zstandard')] }, default: 'none' },
    { name: 'batch', label: { en: 'Messages at a time', zh: '每批消息数' }, help: { en: 'How many messages are sent before the cluster is waited for.', zh: '等待集群确认前一次发送的消息数。' }, widget: { kind: 'number', integer: true, min: 1, max: 100_000 }, default: 1000, advanced: true },
    { name: 'patienceMs', label: { en: 'Wait for brokers', zh: '等待服务器' }, help: { en: 'How long a broker that is away is tried again, in milliseconds.', zh: '服务器不可用时重试的最长时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 0, max: 3_600_000 }, default: 30_000, advanced: true },
  ],
  keywords: ['queue', 'stream', 'topic', 'message', 'publish', '消息', '队列', '主题', '发布'],
  repeatable: false,
};
