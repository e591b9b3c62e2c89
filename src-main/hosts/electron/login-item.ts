import { homedir } from 'node:os';
import { app, dialog } from 'electron';
import type { Settings } from '#shared/contract/studio';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { autostartFolder, keepAutostart } from './autostart.ts';
import { loginPlan } from './login-plan.ts';
import type { Installed, LoginPlan } from './login-plan.ts';

/** The app that runs now. */
export const installed = (dataDir: string | null): Installed => ({
  platform: process.platform,
  executable: process.execPath,
  appImage: process.env['APPIMAGE'],
  appFolder: app.isPackaged ? null : app.getAppPath(),
  dataDir,
  autostart: autostartFolder(process.env, homedir()),
});

async function carryOut(plan: LoginPlan, asked: boolean): Promise<void> {
  if (plan === null) return;
  if (plan.kind === 'file') return keepAutostart(plan.path, plan.text, asked);
  const { openAtLogin = false, path, args } = plan.settings;
  const now = app.getLoginItemSettings({ ...(path === undefined ? {} : { path }), ...(args === undefined ? {} : { args }) });
  // What is set already may have been switched off in the system's own settings; that stays until the person says otherwise here.
  if (asked || now.openAtLogin !== openAtLogin) app.setLoginItemSettings(plan.settings);
}

/** Keeps the system's list of what starts at login as the setting says, now and whenever it changes. Returns the way to stop. */
export function followLogin(settings: { get(): Settings; subscribe(listener: (settings: Settings) => void): () => void }, here: Installed): () => void {
  let wanted = settings.get().startAtLogin;
  const apply = (asked: boolean): void => {
    carryOut(loginPlan(wanted, here), asked).catch((thrown: unknown) => {
      console.error(thrown);
      if (asked) dialog.showErrorBox('Millrace', errorSentence(toErrorInfo(thrown)));
    });
  };
  apply(false);
  return settings.subscribe(({ startAtLogin }) => {
    if (startAtLogin === wanted) return;
    wanted = startAtLogin;
    apply(true);
  });
}
