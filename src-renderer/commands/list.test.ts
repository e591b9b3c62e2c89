import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#shared/commands';
import { matches } from './keys.ts';
import type { Press } from './keys.ts';
import { commandOf, commands } from './list.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

describe('the list of commands', () => {
  it('has every id once', () => expect(commands.map((command) => command.id).toSorted()).toEqual(Object.keys(COMMANDS).toSorted()));
  it('gives no key to two commands', () => {
    const keys = commands.flatMap((command) => (command.keys === undefined ? [] : [command.keys]));
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('keeps editing keys out of text fields', () => {
    for (const command of commands) if (command.group === 'edit') expect(command.whileTyping, command.id).toBe(false);
  });
  it('finds a command by id', () => expect(commandOf('view.palette').keys).toBe('CmdOrCtrl+K'));
});

describe('a press and a combination', () => {
  it('takes Ctrl where there is no Cmd', () => {
    expect(matches(press('k', { ctrlKey: true }), 'CmdOrCtrl+K', false)).toBe(true);
    expect(matches(press('k', { metaKey: true }), 'CmdOrCtrl+K', false)).toBe(false);
    expect(matches(press('k', { metaKey: true }), 'CmdOrCtrl+K', true)).toBe(true);
    expect(matches(press('k'), 'CmdOrCtrl+K', false)).toBe(false);
  });
  it('tells Shift apart for letters', () => {
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'CmdOrCtrl+Shift+Z', false)).toBe(true);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'CmdOrCtrl+Z', false)).toBe(false);
  });
  it('does not ask how a sign is typed', () => {
    expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(matches(press('=', { ctrlKey: true }), 'CmdOrCtrl+Plus', false)).toBe(true);
    expect(matches(press('+', { ctrlKey: true, shiftKey: true }), 'CmdOrCtrl+Plus', false)).toBe(true);
  });
  it('takes Backspace for Delete', () => expect(matches(press('Backspace'), 'Delete', true)).toBe(true));
});
