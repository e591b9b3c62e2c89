import { isCommandId } from '#shared/commands';
import type { CommandId } from '#shared/commands';
import { commands } from './list.ts';
import { runCommand } from './registry.ts';

/** What matters of a key press. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const KEY_NAMES: Readonly<Record<string, readonly string[]>> = { Plus: ['+', '='], Delete: ['Delete', 'Backspace'], Enter: ['Enter'] };

/** Is this press the combination, as Electron writes it? */
export function matches(press: Press, keys: string, mac: boolean): boolean {
  const parts = keys.split('+');
  const name = parts.at(-1) ?? '';
  const wanted = new Set(parts.slice(0, -1));
  const command = mac ? press.metaKey : press.ctrlKey;
  if (wanted.has('CmdOrCtrl') !== command || (mac ? press.ctrlKey : press.metaKey)) return false;
  if (wanted.has('Alt') !== press.altKey) return false;
  const known = KEY_NAMES[name] ?? [name];
  const letter = /^[A-Z0-9]$/.test(name) || name === 'Enter' || name === 'Delete';
  // Signs such as ? and + need Shift on some keyboards and not on others.
  if (letter && wanted.has('Shift') !== press.shiftKey) return false;
  return known.some((one) => one.toLowerCase() === press.key.toLowerCase());
}

/** Is text being typed there, so that letters and editing keys belong to it? */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)));

const EDITING: Partial<Readonly<Record<CommandId, string>>> = {
  'edit.undo': 'undo',
  'edit.redo': 'redo',
  'edit.cut': 'cut',
  'edit.copy': 'copy',
  'edit.paste': 'paste',
  'edit.selectAll': 'selectAll',
  'edit.delete': 'delete',
};

/** A command that a native menu asked for: in a text field, editing means the text. */
function runFromMenu(id: CommandId): void {
  const editing = EDITING[id];
  if (editing !== undefined && isTyping(document.activeElement)) document.execCommand(editing);
  else runCommand(id);
}

function onMessage(event: MessageEvent<unknown>): void {
  const { data } = event;
  if (event.source !== window || typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'millrace:command' || !('id' in data)) return;
  if (isCommandId(data.id)) runFromMenu(data.id);
}

/** Listens for keys and for the native menu. Returns the stop. */
export function listenForCommands(): () => void {
  const mac = navigator.platform.startsWith('Mac');
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = isTyping(event.target);
    // A dialog has the floor: only the palette's key still works.
    const asked = document.querySelector('[role="dialog"][data-state="open"]:not([data-popover])') !== null;
    for (const command of commands) {
      if (command.keys === undefined || !matches(event, command.keys, mac)) continue;
      if ((typing && !command.whileTyping) || (asked && command.id !== 'view.palette')) return;
      if (runCommand(command.id)) event.preventDefault();
      return;
    }
  };
  window.addEventListener('keydown', onKey);
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('message', onMessage);
  };
}
