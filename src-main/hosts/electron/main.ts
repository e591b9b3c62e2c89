import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, safeStorage } from 'electron';
import type { ApiContext } from '../../api/context.ts';
import { defaultDataDir } from '../../data-dir.ts';
import { createKeyFileBox } from '../../library/connections/key-file.ts';
import { createStudio, keyFile } from '../../studio.ts';
import type { Studio } from '../../studio-types.ts';
import { dataDirArgument, isHidden } from './arguments.ts';
import { startBackground } from './background.ts';
import type { Background } from './background.ts';
import { confineWindows } from './confinement.ts';
import { nativeDialogs } from './dialogs.ts';
import { closeStudioFirst, followSettings, giveUp } from './lifecycle.ts';
import { menuLanguage } from './menu-template.ts';
import type { MenuLanguage } from './menu-template.ts';
import { showMenu } from './menu.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { createSystemBox } from './secret-box.ts';
import { servePorts } from './transport.ts';
import { theWindow } from './window.ts';
import { utilityWorkers } from './worker-port.ts';

const out = resolve(import.meta.dirname, '..');
const args = process.argv.slice(1);
const namedDataDir = dataDirArgument(args, process.cwd());
const dataDir = namedDataDir ?? defaultDataDir(process.platform, process.env, homedir());

const window = theWindow({ preload: join(out, 'preload/index.cjs'), stateFile: join(dataDir, 'window.json') });
const putMenu = (language: MenuLanguage): void =>
  showMenu(language, (id) => BrowserWindow.getAllWindows().forEach((one) => one.webContents.send('millrace:command', id)));

const contextOf = (studio: Studio): ApiContext => ({
  studio,
  dialogs: nativeDialogs,
  trigger: { kind: 'manual' },
  now: Date.now,
  onUnexpected: (thrown) => console.error(thrown),
});

/** The window opens while the studio does: whichever is ready first waits for the other. Started hidden, it waits until it is asked for. */
async function start(): Promise<void> {
  let background: Background | null = null;
  app.on('second-instance', (_event, argv) => isHidden(argv) || window.show());
  app.on('window-all-closed', () => (background?.stays() ?? process.platform === 'darwin') || app.quit());
  app.on('activate', () => window.isOpen() || window.show());
  await app.whenReady();
  // macOS starts an app at login without arguments, and says so.
  const hidden = isHidden(args) || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
  const box = createSystemBox({ storage: safeStorage, platform: process.platform, agreedFile: join(dataDir, 'plain-secrets-agreed'), keyFile: createKeyFileBox({ env: process.env, file: keyFile(dataDir) }) });
  const opening = createStudio({ dataDir, host: 'electron', version: app.getVersion(), spawn: utilityWorkers(join(out, 'main/worker.js')), nativeDialogs: true, schedules: { askMissedMs: 30_000 }, box });
  serveScheme(join(out, 'renderer'));
  confineWindows();
  const stopCalls = servePorts(opening.then(contextOf));
  putMenu(menuLanguage('system', app.getLocale()));
  if (!hidden) window.show();
  const studio = await opening;
  closeStudioFirst(studio, () => {
    stopCalls();
    background?.stop();
  });
  followSettings(studio, putMenu);
  background = startBackground({ studio, window, hidden, dataDir: namedDataDir, toldFile: join(dataDir, 'electron/no-tray-told') });
}

// One instance a data folder, so that its windows share nothing with another's.
app.setPath('userData', join(dataDir, 'electron'));
// Windows shows notifications only of an app that has a name for it.
if (process.platform === 'win32') app.setAppUserModelId('Millrace');
app.enableSandbox();
registerScheme();
if (app.requestSingleInstanceLock()) start().catch(giveUp);
else app.quit();
