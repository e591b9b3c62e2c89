import { join } from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
import type { MenuLanguage } from './menu-template.ts';
import { together } from './together.ts';
import { shippedIcons, trayIcon } from './tray-icon.ts';
import { readsAs, trayTemplate, trayTooltip } from './tray-template.ts';
import type { TrayActs, TrayState } from './tray-template.ts';

/** Within so many ms after a change the tray shows it; and once a minute, because its times are relative. */
const SOON_MS = 300;
const MINUTE_MS = 60_000;

export interface ShownTray {
  /** What it shows may have changed. */
  readonly changed: () => void;
  readonly remove: () => void;
}

function iconNow(): Electron.NativeImage {
  const image = nativeImage.createFromPath(join(shippedIcons(), trayIcon(process.platform, nativeTheme.shouldUseDarkColorsForSystemIntegratedUI)));
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}

/** Puts the icon into the system's tray. A click opens the window; macOS and most of Linux show the menu at a click. */
export function showTray(read: () => TrayState, language: () => MenuLanguage, acts: TrayActs): ShownTray {
  const tray = new Tray(iconNow());
  let shown = '';
  const show = (): void => {
    const state = read();
    const items = trayTemplate(state, language(), acts);
    if (readsAs(items) === shown) return;
    shown = readsAs(items);
    tray.setToolTip(trayTooltip(state, language()));
    tray.setContextMenu(Menu.buildFromTemplate(items));
  };
  const onTheme = (): void => tray.setImage(iconNow());
  const updates = together(SOON_MS, show);
  const minutes = setInterval(show, MINUTE_MS);
  nativeTheme.on('updated', onTheme);
  tray.on('click', () => acts.show());
  show();
  return {
    changed: updates.soon,
    remove: () => {
      updates.stop();
      clearInterval(minutes);
      nativeTheme.off('updated', onTheme);
      tray.destroy();
    },
  };
}
