import type { MenuItemConstructorOptions } from 'electron';
import { COMMANDS } from '#shared/commands';
import type { CommandId, CommandInfo } from '#shared/commands';
import type { Settings } from '#shared/contract/studio';
import type { Text } from '#shared/node-spec';

export type MenuLanguage = keyof Text;

const SEPARATOR = 'separator';
interface Group {
  readonly title: Text;
  readonly items: readonly (CommandId | typeof SEPARATOR)[];
}

const OF_A_RUN = [
  'runs.rerunFailed', 'runs.rerunNode', 'runs.fork', 'runs.compare', 'runs.export', 'runs.openFile', SEPARATOR,
  'runs.previousEvent', 'runs.nextEvent', 'runs.previousFailure', 'runs.nextFailure', 'runs.previousAttempt', 'runs.nextAttempt',
] as const;

/** The menu bar: which command stands where. Their names and keys are in #shared/commands. */
export const MENU: readonly Group[] = [
  { title: { en: 'File', zh: '文件' }, items: ['file.new', 'file.open', 'file.import', SEPARATOR, 'file.save', 'file.export', SEPARATOR, 'file.newConnection'] },
  {
    title: { en: 'Edit', zh: '编辑' },
    items: ['edit.undo', 'edit.redo', SEPARATOR, 'edit.cut', 'edit.copy', 'edit.paste', 'edit.duplicate', 'edit.delete', SEPARATOR, 'edit.selectAll', 'edit.find', SEPARATOR, 'edit.schedule'],
  },
  {
    title: { en: 'View', zh: '视图' },
    items: ['view.palette', SEPARATOR, 'view.library', 'view.runs', 'view.schedules', 'view.monitor', 'view.connections', 'view.settings', SEPARATOR, 'view.fit', 'view.zoomIn', 'view.zoomOut', SEPARATOR, 'layout.tidy', SEPARATOR, 'view.theme'],
  },
  { title: { en: 'Run', zh: '运行' }, items: ['run.start', 'run.toHere', 'run.stop', SEPARATOR, ...OF_A_RUN] },
  { title: { en: 'Help', zh: '帮助' }, items: ['help.shortcuts', 'help.about'] },
];
const QUIT: Text = { en: 'Quit', zh: '退出' };

/** An item sends its command to the window. Its key is only shown: the window hears keys itself, and knows when a text field has them. */
function itemOf(id: CommandId, language: MenuLanguage, send: (id: CommandId) => void): MenuItemConstructorOptions {
  const command: CommandInfo = COMMANDS[id];
  return {
    id,
    label: command[language],
    click: () => send(id),
    registerAccelerator: false,
    ...(command.accelerator === undefined ? {} : { accelerator: command.accelerator }),
  };
}

/** The native menu in a language. On macOS it begins with the app's own, elsewhere the first group ends with Quit. */
export function menuTemplate(language: MenuLanguage, platform: string, send: (id: CommandId) => void): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions[] = platform === 'darwin' ? [] : [{ type: SEPARATOR }, { role: 'quit', label: QUIT[language] }];
  const groups = MENU.map(({ title, items }, at): MenuItemConstructorOptions => {
    const own = items.map((item): MenuItemConstructorOptions => (item === SEPARATOR ? { type: SEPARATOR } : itemOf(item, language, send)));
    return { label: title[language], submenu: at === 0 ? [...own, ...quit] : own };
  });
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...groups] : groups;
}

/** The menu's language: the one chosen in Settings, or the system's. */
export function menuLanguage(chosen: Settings['language'], locale: string): MenuLanguage {
  if (chosen !== 'system') return chosen;
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
