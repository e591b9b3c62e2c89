import { Menu } from 'electron';
import type { CommandId } from '#shared/commands';
import { menuTemplate } from './menu-template.ts';
import type { MenuLanguage } from './menu-template.ts';

/** Puts the menu in place, in the person's language. */
export function showMenu(language: MenuLanguage, send: (id: CommandId) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(language, process.platform, send)));
}
