import { COMMANDS } from '#shared/commands';
import type { CommandId, CommandInfo } from '#shared/commands';
import type { Text } from '#shared/node-spec';
import { say } from '../i18n/text.ts';

export type CommandGroup = 'go' | 'workflow' | 'edit' | 'view' | 'run' | 'help';

export const groupText: Readonly<Record<CommandGroup, Text>> = {
  go: say('Go to', '前往'),
  workflow: say('Workflow', '工作流'),
  edit: say('Edit', '编辑'),
  view: say('View', '视图'),
  run: say('Run', '运行'),
  help: say('Help', '帮助'),
};

interface Standing {
  readonly group: CommandGroup;
  /** Its key works while text is being typed too. */
  readonly whileTyping?: true;
  /** A key of the window alone, which no native menu shows. */
  readonly keys?: string;
}

/** Where each command stands. A command added to #shared/commands does not compile here until it is answered. */
const STANDING: Readonly<Record<CommandId, Standing>> = {
  'file.new': { group: 'workflow', whileTyping: true },
  'file.open': { group: 'workflow', whileTyping: true },
  'file.import': { group: 'workflow', whileTyping: true },
  'file.save': { group: 'workflow', whileTyping: true },
  'file.export': { group: 'workflow', whileTyping: true },
  'file.newConnection': { group: 'workflow', whileTyping: true },
  'edit.undo': { group: 'edit' },
  'edit.redo': { group: 'edit' },
  'edit.cut': { group: 'edit' },
  'edit.copy': { group: 'edit' },
  'edit.paste': { group: 'edit' },
  'edit.duplicate': { group: 'edit' },
  'edit.selectAll': { group: 'edit' },
  'edit.delete': { group: 'edit' },
  'edit.find': { group: 'edit' },
  'edit.schedule': { group: 'workflow' },
  'view.palette': { group: 'view', whileTyping: true },
  'view.fit': { group: 'view' },
  'view.zoomIn': { group: 'view' },
  'view.zoomOut': { group: 'view' },
  'view.theme': { group: 'view' },
  'view.library': { group: 'go', whileTyping: true },
  'view.runs': { group: 'go', whileTyping: true },
  'view.schedules': { group: 'go', whileTyping: true },
  'view.monitor': { group: 'go', whileTyping: true },
  'view.connections': { group: 'go', whileTyping: true },
  'view.settings': { group: 'go', whileTyping: true },
  'run.start': { group: 'run', whileTyping: true },
  'run.toHere': { group: 'run' },
  'run.stop': { group: 'run', whileTyping: true },
  'runs.rerunFailed': { group: 'run' },
  'runs.rerunNode': { group: 'run' },
  'runs.fork': { group: 'run' },
  'runs.compare': { group: 'run' },
  'runs.export': { group: 'run' },
  'runs.openFile': { group: 'run' },
  'runs.previousEvent': { group: 'run', keys: ',' },
  'runs.nextEvent': { group: 'run', keys: '.' },
  'runs.previousFailure': { group: 'run', keys: 'Shift+F' },
  'runs.nextFailure': { group: 'run', keys: 'F' },
  'runs.previousAttempt': { group: 'run', keys: 'Shift+A' },
  'runs.nextAttempt': { group: 'run', keys: 'A' },
  'layout.tidy': { group: 'view' },
  'help.shortcuts': { group: 'help', keys: '?' },
  'help.about': { group: 'help' },
};

/** One command, for keys, the palette, menus and the list of shortcuts. */
export interface Command {
  readonly id: CommandId;
  readonly text: Text;
  readonly keys: string | undefined;
  readonly group: CommandGroup;
  readonly whileTyping: boolean;
}

const entries = Object.entries(COMMANDS) as readonly (readonly [CommandId, CommandInfo])[];

/** Every command, in the order menus show them. */
export const commands: readonly Command[] = entries.map(([id, info]) => {
  const standing = STANDING[id];
  return { id, text: info, keys: standing.keys ?? info.accelerator, group: standing.group, whileTyping: standing.whileTyping === true };
});

const byId = new Map(commands.map((command) => [command.id, command]));

/** A command's text and keys, for a button that runs it. */
export const commandOf = (id: CommandId): Command => byId.get(id) as Command;
