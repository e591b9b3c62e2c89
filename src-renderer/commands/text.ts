import { say } from '../i18n/text.ts';

export const commandText = {
  palette: say('Command palette', '命令面板'),
  placeholder: say('Type a command or the name of a workflow…', '输入命令或工作流名称…'),
  nothing: say('Nothing matches. Try another word.', '没有匹配项，换个词试试。'),
  workflows: say('Open workflow', '打开工作流'),
  shortcuts: say('Keyboard shortcuts', '键盘快捷键'),
  shortcutsHelp: say('Every one of them is also a command in the palette.', '每个快捷键在命令面板中都有对应命令。'),
  editorOnly: say('Commands that need an open workflow work in the editor.', '需要打开工作流的命令仅在编辑器中可用。'),
};
