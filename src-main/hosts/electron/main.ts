import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { app, BrowserWindow } from 'electron';
import type { ApiContext } from '../../api/context.ts';
import { defaultDataDir } from '../../data-dir.ts';
import { createStudio } from '../../studio.ts';
import type { Studio } from '../../studio-types.ts';
import { dataDirArgument } from './arguments.ts';
import { confineWindows } from './confinement.ts';
import { nativeDialogs } from './dialogs.ts';
import { closeStudioFirst, followSettings, giveUp } from './lifecycle.ts';
import { menuLanguage } from './menu-template.ts';
import type { MenuLanguage } from './menu-template.ts';
import { showMenu } from './menu.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { servePorts } from './transport.ts';
import { openWindow, showWindow } from './window.ts';
import { utilityWorkers } from './worker-port.ts';

const out = resolve(import.meta.dirname, '..');
const dataDir = dataDirArgument(process.argv.slice(1), process.cwd()) ?? defaultDataDir(process.platform, process.env, homedir());

const onWindows = (act: (window: BrowserWindow) => void): void => BrowserWindow.getAllWindows().forEach(act);
const open = (): BrowserWindow => openWindow({ preload: join(out, 'preload/index.cjs'), stateFile: join(dataDir, 'window.json') });
const putMenu = (language: MenuLanguage): void =>
  showMenu(language, (id) => onWindows((window) => window.webContents.send('millrace:command', id)));

const contextOf = (studio: Studio): ApiContext => ({
  studio,
  dialogs: nativeDialogs,
  trigger: { kind: 'manual' },
  now: Date.now,
  onUnexpected: (thrown) => console.error(thrown),
});

/** The window opens while the studio does: whichever is ready first waits for the other. */
async function start(): Promise<void> {
  app.on('second-instance', () => onWindows(showWindow));
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit());
  app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && open());
  await app.whenReady();
  const opening = createStudio({ dataDir, host: 'electron', version: app.getVersion(), spawn: utilityWorkers(join(out, 'main/worker.js')), nativeDialogs: true, schedules: { askMissedMs: 30_000 } });
  serveScheme(join(out, 'renderer'));
  confineWindows();
  const stopCalls = servePorts(opening.then(contextOf));
  putMenu(menuLanguage('system', app.getLocale()));
  open();
  const studio = await opening;
  closeStudioFirst(studio, stopCalls);
  followSettings(studio, putMenu);
}

// One instance a data folder, so that its windows share nothing with another's.
app.setPath('userData', join(dataDir, 'electron'));
app.enableSandbox();
registerScheme();
if (app.requestSingleInstanceLock()) start().catch(giveUp);
else app.quit();
