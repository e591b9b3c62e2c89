import type { NodeStatus, RunStatus } from '#shared/run/run';
import type { NodeKind, Text } from '#shared/node-spec';
import { phrase, say } from './text.ts';

/** Words that every place uses. */
export const common = {
  notifications: say('Notifications', '通知'),
  cancel: say('Cancel', '取消'),
  close: say('Close', '关闭'),
  save: say('Save', '保存'),
  delete: say('Delete', '删除'),
  create: say('Create', '创建'),
  copy: say('Copy', '复制'),
  copied: say('Copied', '已复制'),
  retry: say('Try again', '重试'),
  search: say('Search', '搜索'),
  clear: say('Clear', '清除'),
  open: say('Open', '打开'),
  run: say('Run', '运行'),
  stop: say('Stop', '停止'),
  more: say('More actions', '更多操作'),
  loading: say('Loading…', '正在加载…'),
  none: say('None', '无'),
  all: say('All', '全部'),
  details: say('Technical detail', '技术细节'),
  showDetail: say('Show technical detail', '显示技术细节'),
  hideDetail: say('Hide technical detail', '隐藏技术细节'),
  copyDetail: say('Copy detail', '复制细节'),
  somethingFailed: say('That did not work', '操作未成功'),
  rows: phrase<[rows: number]>(
    (f, rows) => `${f.number(rows)} ${f.plural(rows, { one: 'row', other: 'rows' })}`,
    (f, rows) => `${f.number(rows)} 行`,
  ),
  nodes: phrase<[nodes: number]>(
    (f, nodes) => `${f.number(nodes)} ${f.plural(nodes, { one: 'node', other: 'nodes' })}`,
    (f, nodes) => `${f.number(nodes)} 个节点`,
  ),
  rowsPerSecond: phrase<[rate: number]>(
    (f, rate) => `${f.compact(rate)} rows/s`,
    (f, rate) => `${f.compact(rate)} 行/秒`,
  ),
};

export const runStatusText: Readonly<Record<RunStatus, Text>> = {
  queued: say('Queued', '排队中'),
  running: say('Running', '运行中'),
  completed: say('Completed', '已完成'),
  failed: say('Failed', '失败'),
  cancelled: say('Cancelled', '已取消'),
  interrupted: say('Interrupted', '已中断'),
  paused: say('Waiting for an answer', '等待答复'),
};

export const nodeStatusText: Readonly<Record<NodeStatus, Text>> = {
  pending: say('Waiting', '等待中'),
  running: say('Running', '运行中'),
  retrying: say('Retrying', '等待重试'),
  completed: say('Completed', '已完成'),
  failed: say('Failed', '失败'),
  skipped: say('Skipped', '已跳过'),
  lost: say('Lost', '已丢失'),
};

export const nodeKindText: Readonly<Record<NodeKind, Text>> = {
  source: say('Sources', '数据源'),
  transform: say('Transforms', '转换'),
  sink: say('Sinks', '输出'),
  flow: say('Flow', '流程'),
};
