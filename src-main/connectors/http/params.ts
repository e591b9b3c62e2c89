import type { Param } from '#shared/node-spec';

export const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Which service, and what is asked of it: the same for a request that gives rows and for one a row. */
export const connection: Param = {
  name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The service and its login. Without one the whole address is written below, nobody logs in, and private addresses are refused.', zh: '服务及其登录。不选时需在下方写完整地址，不登录，且拒绝私有地址。' },
  widget: { kind: 'connection', kinds: ['http'] }, default: '',
};

export const method = (standard: string): Param => ({
  name: 'method', label: { en: 'Method', zh: '方法' }, help: { en: 'What the request does. Anything but GET and HEAD counts as done once it is sent: a run that is interrupted asks before it sends it again.', zh: '请求方法。除 GET 与 HEAD 外，发送后即视为已执行：中断的运行在重发前会询问。' },
  widget: { kind: 'select', options: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((name) => option(name, name, name)) }, default: standard,
});

export const query = (help: Param['help']): Param => ({
  name: 'query', label: { en: 'Parameters', zh: '查询参数' }, help, widget: { kind: 'map', keyLabel: { en: 'Name', zh: '名称' }, valueLabel: { en: 'Value', zh: '值' } }, default: {},
});

export const headers = (help: Param['help']): Param => ({
  name: 'headers', label: { en: 'Headers', zh: '请求头' }, help, widget: { kind: 'map', keyLabel: { en: 'Name', zh: '名称' }, valueLabel: { en: 'Value', zh: '值' } }, default: {}, advanced: true,
});

/** How long, how much, how often. */
export const limits: readonly Param[] = [
  { name: 'rate', label: { en: 'Most requests', zh: '最大请求数' }, help: { en: 'How many requests are sent in a second or a minute; 0 is without a limit.', zh: '每秒或每分钟发送的请求数；0 表示不限制。' }, widget: { kind: 'number', min: 0, max: 100_000 }, default: 0, advanced: true },
  { name: 'ratePer', label: { en: 'In a', zh: '时间单位' }, help: { en: 'What the number of requests is counted over.', zh: '请求数的统计时间。' }, widget: { kind: 'select', options: [option('second', 'Second', '秒'), option('minute', 'Minute', '分钟')] }, default: 'second', advanced: true },
  { name: 'retries', label: { en: 'Tries again', zh: '重试次数' }, help: { en: 'How often a request is sent again after 408, 425, 429, 5xx or a broken line. The service’s Retry-After is kept to.', zh: '遇到 408、425、429、5xx 或断线时的重试次数；遵循服务的 Retry-After。' }, widget: { kind: 'number', integer: true, min: 0, max: 20 }, default: 3, advanced: true },
  { name: 'retryFirstMs', label: { en: 'First wait', zh: '首次等待' }, help: { en: 'Milliseconds before the first further try; each wait is twice as long as the one before.', zh: '首次重试前的等待毫秒数；之后每次加倍。' }, widget: { kind: 'number', integer: true, min: 1, max: 60_000 }, default: 500, advanced: true },
  { name: 'retryMostMs', label: { en: 'Longest wait', zh: '最长等待' }, help: { en: 'No wait is longer, in milliseconds. A service that asks for more is not waited for.', zh: '单次等待的上限（毫秒）；服务要求更久时不再等待。' }, widget: { kind: 'number', integer: true, min: 1, max: 3_600_000 }, default: 60_000, advanced: true },
  { name: 'retryUnsafe', label: { en: 'Also POST and PATCH', zh: '也重试 POST 与 PATCH' }, help: { en: 'Send them again too, although the service may then do something twice. Otherwise only GET, HEAD, PUT and DELETE are, and what never arrived.', zh: '也重发它们，但服务可能因此重复执行。否则仅重发 GET、HEAD、PUT、DELETE 以及从未送达的请求。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  { name: 'withinMs', label: { en: 'Answer within', zh: '总时限' }, help: { en: 'How long one request may take with its whole answer, in milliseconds.', zh: '单个请求（含完整响应）的最长时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 100, max: 86_400_000 }, default: 120_000, advanced: true },
  { name: 'idleMs', label: { en: 'Longest silence', zh: '最长无响应' }, help: { en: 'How long the service may say nothing, before and within its answer, in milliseconds.', zh: '响应前或响应中允许的最长静默时间（毫秒）。' }, widget: { kind: 'number', integer: true, min: 100, max: 3_600_000 }, default: 30_000, advanced: true },
  { name: 'maxMb', label: { en: 'Largest answer', zh: '最大响应' }, help: { en: 'Megabytes of one answer, unpacked; a larger one fails.', zh: '单个响应解压后的最大兆字节数；超过即失败。' }, widget: { kind: 'number', min: 0.001, max: 1024 }, default: 64, advanced: true },
  { name: 'redirects', label: { en: 'Redirects', zh: '重定向' }, help: { en: 'How often a request may be sent on to another address. The login does not go along to another service.', zh: '请求可被重定向的次数；登录信息不会发送到其他服务。' }, widget: { kind: 'number', integer: true, min: 0, max: 20 }, default: 5, advanced: true },
];

/** What those parameters come to. */
export interface LimitConfig {
  readonly connection: string;
  readonly rate: number;
  readonly ratePer: 'second' | 'minute';
  readonly retries: number;
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  readonly retryUnsafe: boolean;
  readonly withinMs: number;
  readonly idleMs: number;
  readonly maxMb: number;
  readonly redirects: number;
}
