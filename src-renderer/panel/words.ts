import { phrase, say } from '../i18n/text.ts';

/** What the bottom panel says. */
export const words = {
  panel: say('Bottom panel', '底部面板'),
  data: say('Data', '数据'),
  timeline: say('Timeline', '时间线'),
  console: say('Console', '控制台'),
  problems: say('Problems', '问题'),
  collapse: say('Close the panel', '收起面板'),
  pickNode: say('Look at the rows of any node', '查看任意节点的数据'),
  pickNodeText: say('Click a node or a connection: its first rows, types and a profile show here.', '点击节点或连接，此处将显示其前若干行、类型及概况。'),
  noOutput: say('This node gives no rows out', '此节点没有输出'),
  noOutputText: say('Look at what comes into it by clicking the connection before it.', '点击其上游连接可查看流入的数据。'),
  cantPreview: say('No preview yet', '暂无预览'),
  fromPreview: phrase<[rows: number]>(
    (f, rows) => `Preview: first ${f.number(rows)} ${f.plural(rows, { one: 'row', other: 'rows' })}`,
    (f, rows) => `预览：前 ${f.number(rows)} 行`,
  ),
  fromRun: phrase<[rows: number]>(
    (f, rows) => `Sample of the run: ${f.number(rows)} ${f.plural(rows, { one: 'row', other: 'rows' })}`,
    (f, rows) => `运行样本：${f.number(rows)} 行`,
  ),
  fromPin: phrase<[rows: number]>(
    (f, rows) => `Pinned: ${f.number(rows)} ${f.plural(rows, { one: 'row', other: 'rows' })}, used instead of running the node`,
    (f, rows) => `已固定：${f.number(rows)} 行，运行时直接使用`,
  ),
  pinned: say('Pinned', '已固定'),
  pin: say('Pin these rows', '固定这些数据'),
  pinHelp: say('A run uses these rows instead of running the node. They are kept in the workflow’s file.', '运行时直接使用这些数据，不执行此节点。数据保存在工作流文件中。'),
  pinHelpPart: say('A run uses these first rows, and only these, instead of running the node. They are kept in the workflow’s file.', '运行时仅使用这些（前若干）行，不执行此节点。数据保存在工作流文件中。'),
  unpin: say('Unpin', '取消固定'),
  failedAt: phrase<[node: string]>(
    (_f, node) => `“${node}” failed in the last run`,
    (_f, node) => `“${node}”在上次运行中失败`,
  ),
  allRows: say('all rows', '全部行'),
  preview: say('Preview', '预览'),
  lastRun: say('Last run', '上次运行'),
  source: say('Where the rows come from', '数据来自'),
  port: say('Output', '输出端口'),
  refresh: say('Look again', '重新读取'),
  noRun: say('Nothing has run yet', '尚未运行'),
  noRunText: say('Run the workflow to see what each node did, and when.', '运行工作流即可查看每个节点的执行情况。'),
  noProblems: say('No problems', '没有问题'),
  noProblemsText: say('The workflow is ready to run.', '工作流可以运行。'),
};
