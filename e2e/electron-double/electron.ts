/**
 * A double of the part of Electron's main-process API that src-main/hosts/electron uses, with real Chromium for its windows. What the
 * app does not use is not here, so that using it fails at once.
 */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { dialog, nativeTheme, protocol, screen, session, shell } from './desktop.ts';
export { ipcMain } from './ipc.ts';
export { Menu } from './menu.ts';
export { Notification } from './notification.ts';
export { MessageChannelMain } from './ports.ts';
export { powerMonitor, powerSaveBlocker, systemPreferences } from './power.ts';
export { safeStorage } from './safe-storage.ts';
export { nativeImage, Tray } from './tray.ts';
export { utilityProcess } from './utility-process.ts';
import './control.ts';
