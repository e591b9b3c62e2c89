import type { Param } from '#shared/node-spec';

/** Where a cluster is and which topic: a connection, or the seed's form of brokers in the node itself. */
export const CLUSTER: readonly Param[] = [
  { name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The cluster, as it is set up in Settings; empty where the brokers stand below.', zh: '在设置中配置的集群；若在下方填写服务器则留空。' }, widget: { kind: 'connection', kinds: ['kafka'] }, default: '' },
  { name: 'topic', label: { en: 'Topic', zh: '主题' }, help: { en: 'The topic’s name. It has to be there.', zh: '主题名称，必须已存在。' }, widget: { kind: 'text', placeholder: 'orders', maxLength: 249 }, required: true },
  { name: 'bootstrap', label: { en: 'Brokers', zh: '服务器' }, help: { en: 'Without a connection: one or more brokers as host:port, with commas between them.', zh: '未选择连接时：一个或多个 host:port，以逗号分隔。' }, widget: { kind: 'text', placeholder: 'localhost:9092', maxLength: 2000 }, default: '', advanced: true },
  { name: 'security', label: { en: 'Security', zh: '安全协议' }, help: { en: 'Without a connection: "PLAINTEXT" or "SSL". A cluster that asks for a login needs a connection.', zh: '未选择连接时："PLAINTEXT" 或 "SSL"。需要登录的集群请使用连接。' }, widget: { kind: 'json' }, default: 'PLAINTEXT', advanced: true },
];
