import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the tray's icons: the nearest `resources/tray` above this code, built or not. */
export function shippedIcons(from = import.meta.dirname): string {
  const folder = join(from, 'resources', 'tray');
  return existsSync(folder) || dirname(from) === from ? folder : shippedIcons(dirname(from));
}

/**
 * The icon that is seen on this system's bar. macOS colours a template as its bar wants it, Windows says whether its bar is dark; of a
 * Linux panel nothing is known, so that its icon has a colour that is seen on both.
 */
export function trayIcon(platform: string, darkBar: boolean): string {
  if (platform === 'darwin') return 'millraceTemplate.png';
  if (platform === 'win32') return darkBar ? 'on-dark.png' : 'on-light.png';
  return 'color.png';
}
