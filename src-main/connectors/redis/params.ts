import type { Param } from '#shared/node-spec';

/** Which server. */
export const connection: Param = {
  name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The Redis server.', zh: 'Redis 服务器。' }, widget: { kind: 'connection', kinds: ['redis'] }, required: true,
};

/** How long the server may be silent. */
export const answerMs: Param = {
  name: 'answerMs', label: { en: 'Answer within', zh: '响应时限' }, help: { en: 'How long the server may take for one bundle of commands, in milliseconds.', zh: '服务器处理一批命令的最长时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 100, max: 3_600_000 }, default: 30_000, advanced: true,
};
