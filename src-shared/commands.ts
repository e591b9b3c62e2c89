import type { Text } from '#shared/node-spec';

/** What a command is called in menus and the palette, and its key. `CmdOrCtrl+Shift+S`: Electron's way of writing keys. */
export interface CommandInfo extends Text {
  readonly accelerator?: string;
}

/**
 * Every command that a menu outside the window can ask for; the window's own list serves menus, keys and the palette with the same
 * ids. A new command is added here, and the window's table then fails to compile until it is answered.
 */
export const COMMANDS = {
  'file.new': { en: 'New workflow', zh: '新建工作流', accelerator: 'CmdOrCtrl+N' },
  'file.open': { en: 'Open…', zh: '打开…', accelerator: 'CmdOrCtrl+O' },
  'file.import': { en: 'Import…', zh: '导入…', accelerator: 'CmdOrCtrl+Shift+I' },
  'file.save': { en: 'Save', zh: '保存', accelerator: 'CmdOrCtrl+S' },
  'file.export': { en: 'Export…', zh: '导出…', accelerator: 'CmdOrCtrl+Shift+E' },
  'file.newConnection': { en: 'New connection…', zh: '新建连接…' },
  'edit.undo': { en: 'Undo', zh: '撤销', accelerator: 'CmdOrCtrl+Z' },
  'edit.redo': { en: 'Redo', zh: '重做', accelerator: 'CmdOrCtrl+Shift+Z' },
  'edit.cut': { en: 'Cut', zh: '剪切', accelerator: 'CmdOrCtrl+X' },
  'edit.copy': { en: 'Copy', zh: '复制', accelerator: 'CmdOrCtrl+C' },
  'edit.paste': { en: 'Paste', zh: '粘贴', accelerator: 'CmdOrCtrl+V' },
  'edit.duplicate': { en: 'Duplicate', zh: '复制一份', accelerator: 'CmdOrCtrl+D' },
  'edit.selectAll': { en: 'Select all', zh: '全选', accelerator: 'CmdOrCtrl+A' },
  'edit.delete': { en: 'Delete', zh: '删除', accelerator: 'Delete' },
  'edit.find': { en: 'Find a node…', zh: '查找节点…', accelerator: 'CmdOrCtrl+F' },
  'edit.schedule': { en: 'Schedule…', zh: '定时计划…' },
  'view.palette': { en: 'Command palette…', zh: '命令面板…', accelerator: 'CmdOrCtrl+K' },
  'view.fit': { en: 'Fit to window', zh: '适应窗口', accelerator: 'CmdOrCtrl+0' },
  'view.zoomIn': { en: 'Zoom in', zh: '放大', accelerator: 'CmdOrCtrl+Plus' },
  'view.zoomOut': { en: 'Zoom out', zh: '缩小', accelerator: 'CmdOrCtrl+-' },
  'view.theme': { en: 'Switch light and dark', zh: '切换明暗主题' },
  'view.library': { en: 'Library', zh: '工作流库', accelerator: 'CmdOrCtrl+1' },
  'view.runs': { en: 'Runs', zh: '运行记录', accelerator: 'CmdOrCtrl+2' },
  'view.schedules': { en: 'Schedules', zh: '定时计划', accelerator: 'CmdOrCtrl+3' },
  'view.monitor': { en: 'Monitor', zh: '监控', accelerator: 'CmdOrCtrl+4' },
  'view.connections': { en: 'Connections', zh: '连接' },
  'view.settings': { en: 'Settings…', zh: '设置…', accelerator: 'CmdOrCtrl+,' },
  'run.start': { en: 'Run', zh: '运行', accelerator: 'CmdOrCtrl+Enter' },
  'run.toHere': { en: 'Run to here', zh: '运行到此节点', accelerator: 'CmdOrCtrl+Shift+Enter' },
  'run.stop': { en: 'Stop', zh: '停止', accelerator: 'CmdOrCtrl+.' },
  'runs.rerunFailed': { en: 'Run again from the failed node', zh: '从失败的节点重新运行' },
  'runs.rerunNode': { en: 'Run again from the selected node', zh: '从所选节点重新运行' },
  'runs.fork': { en: 'Fork the run from this event…', zh: '从此事件分叉运行…' },
  'runs.compare': { en: 'Compare with another run…', zh: '与另一次运行比较…' },
  'runs.export': { en: 'Export the run…', zh: '导出此次运行…' },
  'runs.openFile': { en: 'Open a run file…', zh: '打开运行文件…' },
  'runs.previousEvent': { en: 'Previous event', zh: '上一个事件' },
  'runs.nextEvent': { en: 'Next event', zh: '下一个事件' },
  'runs.previousFailure': { en: 'Previous failure', zh: '上一次失败' },
  'runs.nextFailure': { en: 'Next failure', zh: '下一次失败' },
  'runs.previousAttempt': { en: 'Previous attempt', zh: '上一次尝试' },
  'runs.nextAttempt': { en: 'Next attempt', zh: '下一次尝试' },
  'layout.tidy': { en: 'Tidy', zh: '整理布局', accelerator: 'CmdOrCtrl+Shift+L' },
  'help.shortcuts': { en: 'Keyboard shortcuts', zh: '键盘快捷键' },
  'help.about': { en: 'About Millrace', zh: '关于 Millrace' },
} as const satisfies Readonly<Record<string, CommandInfo>>;
export type CommandId = keyof typeof COMMANDS;

/** Is this text, which came over a process border, a command's id? */
export const isCommandId = (value: unknown): value is CommandId => typeof value === 'string' && Object.hasOwn(COMMANDS, value);
