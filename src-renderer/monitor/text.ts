import { phrase, say } from '../i18n/text.ts';

export const monitorText = {
  title: say('Monitor', '监控'),
  running: say('Running now', '正在运行'),
  queued: phrase<[queued: number]>((f, queued) => `${f.number(queued)} queued`, (f, queued) => `${f.number(queued)} 个排队中`),
  paused: phrase<[paused: number]>((f, paused) => `${f.number(paused)} waiting for an answer`, (f, paused) => `${f.number(paused)} 个等待答复`),
  interrupted: phrase<[interrupted: number]>((f, interrupted) => `${f.number(interrupted)} interrupted`, (f, interrupted) => `${f.number(interrupted)} 个已中断`),
  success: say('Success rate, 24 h', '24 小时成功率'),
  outcomes: phrase<[completed: number, failed: number]>(
    (f, completed, failed) => `${f.number(completed)} completed, ${f.number(failed)} failed`,
    (f, completed, failed) => `${f.number(completed)} 次完成，${f.number(failed)} 次失败`,
  ),
  duration: say('Duration p50, 24 h', '24 小时耗时中位数'),
  p95: phrase<[time: string]>((_f, time) => `p95 ${time}`, (_f, time) => `p95 ${time}`),
  memory: say('Memory', '内存'),
  ofMachine: phrase<[all: string]>((_f, all) => `of ${all} in this machine`, (_f, all) => `本机共 ${all}`),
  journal: say('Journal', '日志库'),
  events: phrase<[events: number]>((f, events) => `${f.number(events)} ${f.plural(events, { one: 'event', other: 'events' })}`, (f, events) => `${f.number(events)} 个事件`),
  disk: say('Disk free', '磁盘剩余'),
  diskWhere: say('where the journal is', '日志库所在磁盘'),
  none: say('No runs yet', '暂无运行'),
  chartRuns: say('Runs at once', '同时运行数'),
  chartMemory: say('Memory, all processes', '内存（所有进程）'),
  lastMinutes: say('While this place is open, at most 10 minutes', '本页打开期间，最多 10 分钟'),
  active: say('Not ended yet', '尚未结束'),
  noneActive: say('Nothing is running', '当前没有运行'),
  failed: say('The studio did not report', '工作室没有返回数据'),
};
