import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '#shared/commands';
import { menuLanguage, menuTemplate } from './menu-template.ts';

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

describe('the native menu', () => {
  it('has every command once', () => {
    const ids = flat(menuTemplate('en', 'linux', () => undefined)).flatMap((item) => item.id ?? []);
    expect(ids.toSorted((a, b) => a.localeCompare(b))).toEqual(Object.keys(COMMANDS).toSorted((a, b) => a.localeCompare(b)));
  });

  it('sends the id of what is chosen, and leaves keys to the window', () => {
    const send = vi.fn();
    const save = flat(menuTemplate('en', 'linux', send)).find((item) => item.id === 'file.save')!;
    (save.click as unknown as () => void)();
    expect(send).toHaveBeenCalledWith('file.save');
    expect(save).toMatchObject({ label: 'Save', accelerator: 'CmdOrCtrl+S', registerAccelerator: false });
  });

  it('speaks both languages', () => {
    const labels = flat(menuTemplate('zh', 'linux', () => undefined)).flatMap((item) => item.label ?? []);
    expect(labels).toEqual(expect.arrayContaining(['文件', '保存', '退出']));
    expect(labels.filter((label) => !/\p{Script=Han}/u.test(label))).toEqual([]);
  });

  it('begins with the app’s own menu on macOS and ends its first with Quit elsewhere', () => {
    expect(menuTemplate('en', 'darwin', () => undefined)[0]).toEqual({ role: 'appMenu' });
    const file = menuTemplate('en', 'win32', () => undefined)[0]!;
    expect((file.submenu as MenuItemConstructorOptions[]).at(-1)).toEqual({ role: 'quit', label: 'Quit' });
  });

  it('has no key twice', () => {
    const keys = Object.values(COMMANDS).flatMap((command) => ('accelerator' in command ? command.accelerator : []));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([['system', 'zh-CN', 'zh'], ['system', 'zh', 'zh'], ['system', 'de', 'en'], ['en', 'zh-CN', 'en'], ['zh', 'en-US', 'zh']] as const)('chosen %s on a %s system is %s', (chosen, locale, language) =>
    expect(menuLanguage(chosen, locale)).toBe(language),
  );
});
