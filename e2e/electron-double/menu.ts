import type { MenuItemConstructorOptions } from 'electron';

/** A menu that nobody sees but a test can choose from. */
export class Menu {
  static #application: Menu | null = null;
  readonly items: readonly MenuItemConstructorOptions[];

  private constructor(items: readonly MenuItemConstructorOptions[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItemConstructorOptions[]): Menu {
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
}

function* flat(items: readonly MenuItemConstructorOptions[]): Generator<MenuItemConstructorOptions> {
  for (const item of items) {
    yield item;
    if (Array.isArray(item.submenu)) yield* flat(item.submenu);
  }
}

/** Every item of the application menu, submenus' items too. */
export const menuItems = (): readonly MenuItemConstructorOptions[] => [...flat(Menu.getApplicationMenu()?.items ?? [])];
