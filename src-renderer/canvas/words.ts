import { phrase, say } from '../i18n/text.ts';

/** What the canvas says. */
export const words = {
  canvas: say('Workflow canvas', '工作流画布'),
  nodeHelp: say('Enter opens the form, Delete removes the node, the arrow keys walk to its neighbours.', '按 Enter 打开表单，按 Delete 删除节点，方向键移到相邻节点。'),
  nodeHelpStill: say('Enter selects the node.', '按 Enter 选择节点。'),
  edgeHelp: say('Enter selects the connection, Delete removes it.', '按 Enter 选择连接，按 Delete 删除。'),
  viewTools: say('View and layout', '视图与布局'),
  actualSize: phrase<[scale: number]>(
    (f, scale) => `Zoom ${f.percent(scale)}: back to 100 %`,
    (f, scale) => `缩放 ${f.percent(scale)}：恢复为 100 %`,
  ),
  emptyNote: say('Write a note…', '写一条备注…'),
  groupName: say('Group', '分组'),
  noteText: say('Note text', '备注内容'),
  groupText: say('Group name', '分组名称'),
  unknownType: say('Unknown node type', '未知节点类型'),
  stopped: say('Stopped', '已停止'),
  disabled: say('Disabled', '已停用'),
  triesAgain: phrase<[attempt: number, seconds: number]>(
    (f, attempt, seconds) => (seconds === 0 ? `Try ${f.number(attempt)} is due` : `Try ${f.number(attempt)} in ${f.number(seconds)} s`),
    (f, attempt, seconds) => (seconds === 0 ? `即将第 ${f.number(attempt)} 次尝试` : `${f.number(seconds)} 秒后第 ${f.number(attempt)} 次尝试`),
  ),
  tryNumber: phrase<[attempt: number]>(
    (f, attempt) => `Running, try ${f.number(attempt)}`,
    (f, attempt) => `运行中（第 ${f.number(attempt)} 次尝试）`,
  ),
  lost: say('Interrupted', '已中断'),
  reused: say('reused', '复用'),
  reusedHelp: say('Reused: what it gave in an earlier run still stands', '复用：之前运行的输出仍然有效'),
  divertedHelp: say('Failed: the failure went on through Errors', '失败：已从“错误”输出转出'),
  pinned: phrase<[rows: number]>(
    (f, rows) => `Pinned: ${f.number(rows)} ${f.plural(rows, { one: 'row is', other: 'rows are' })} used instead of running it.`,
    (f, rows) => `已固定：直接使用 ${f.number(rows)} 行数据，不执行此节点。`,
  ),
  kept: say('Its output is kept.', '保留输出。'),
  problems: phrase<[count: number]>(
    (f, count) => `${f.number(count)} ${f.plural(count, { one: 'problem', other: 'problems' })}`,
    (f, count) => `${f.number(count)} 个问题`,
  ),
  insertHere: say('Insert a node here', '在此插入节点'),
  zoomIn: say('Zoom in', '放大'),
  zoomOut: say('Zoom out', '缩小'),
  fit: say('Fit to window', '适应窗口'),
  minimap: say('Minimap', '小地图'),
  tidy: say('Tidy up', '自动整理'),
  rowsApprox: phrase<[rows: number, estimated: boolean]>(
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < (estimated ? 100_000 : 1_000_000_000) ? f.number(rows) : f.compact(rows)} ${f.plural(rows, { one: 'row', other: 'rows' })}`,
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < (estimated ? 100_000 : 1_000_000_000) ? f.number(rows) : f.compact(rows)} 行`,
  ),
  rowsShort: phrase<[rows: number, estimated: boolean]>(
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < (estimated ? 100_000 : 1_000_000_000) ? f.number(rows) : f.compact(rows)}`,
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < (estimated ? 100_000 : 1_000_000_000) ? f.number(rows) : f.compact(rows)}`,
  ),
  rowsTaken: phrase<[rows: number, estimated: boolean]>(
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${f.compact(rows)} in`,
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}读入 ${f.compact(rows)}`,
  ),
  rowsOnEdge: phrase<[rows: number, estimated: boolean]>(
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < 100_000 ? f.number(rows) : f.compact(rows)}`,
    (f, rows, estimated) => `${estimated ? '≈ ' : ''}${rows < 100_000 ? f.number(rows) : f.compact(rows)}`,
  ),
  rate: phrase<[rate: number]>(
    (f, rate) => `${f.compact(rate)}/s`,
    (f, rate) => `${f.compact(rate)}/秒`,
  ),
  findNode: say('Find a node', '查找节点'),
  noMatch: say('Nothing matches', '没有匹配项'),
  emptyTitle: say('An empty canvas', '空白画布'),
  emptyText: say('Drag a source from the left, or double-click anywhere to add a node.', '从左侧拖入数据源，或双击空白处添加节点。'),
  addFirst: say('Add a source', '添加数据源'),
};
