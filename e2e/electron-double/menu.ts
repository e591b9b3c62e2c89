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

/** Every item of a menu, submenus' items too. */
export const itemsOf = (menu: Menu | null): readonly MenuItemConstructorOptions[] => [...flat(menu?.items ?? [])];

/** Chooses an item by its id, as a person does: one that is greyed can't be. */
export function choose(menu: Menu | null, id: string): void {
  const item = itemsOf(menu).find((one) => one.id === id);
  if (item === undefined || item.enabled === false) throw new Error(`The menu has no item "${id}" to choose.`);
  (item.click as (() => void) | undefined)?.();
}
