import { describe, expect, it } from 'vitest';
import { loginPlan } from './login-plan.ts';
import type { Installed } from './login-plan.ts';

const here = (change: Partial<Installed> = {}): Installed => ({ platform: 'linux', executable: '/opt/millrace/millrace', appImage: undefined, appFolder: null, dataDir: null, autostart: '/home/ada/.config/autostart', ...change });
const execOf = (change: Partial<Installed>): string => {
  const plan = loginPlan(true, here(change));
  return plan?.kind === 'file' ? (/^Exec=(.*)$/m.exec(plan.text ?? '')?.[1] ?? '') : '';
};

describe('on Linux', () => {
  it('is a file of the session, gone when it is switched off', () => {
    expect(loginPlan(true, here())).toMatchObject({ kind: 'file', path: '/home/ada/.config/autostart/millrace.desktop', text: expect.stringContaining('Exec=/opt/millrace/millrace --hidden\n') as string });
    expect(loginPlan(false, here())).toEqual({ kind: 'file', path: '/home/ada/.config/autostart/millrace.desktop', text: null });
  });

  it('starts the AppImage, not the copy it runs from', () => {
    expect(execOf({ executable: '/tmp/.mount_x/millrace', appImage: '/home/ada/Millrace.AppImage' })).toBe('/home/ada/Millrace.AppImage --hidden');
  });

  it('starts Electron with the app’s folder where it is not packaged', () => {
    expect(execOf({ executable: '/src/node_modules/electron/dist/electron', appFolder: '/src/my app' })).toBe('/src/node_modules/electron/dist/electron "/src/my app" --hidden');
  });

  it('starts with the data folder that was named, as an entry of its own', () => {
    const [usual, mine, other] = [null, '/data/mine', '/data/other'].map((dataDir) => loginPlan(false, here({ dataDir })));
    expect(new Set([usual, mine, other].map((plan) => (plan?.kind === 'file' ? plan.path : ''))).size).toBe(3);
    expect(execOf({ dataDir: '/data/mine' })).toBe('/opt/millrace/millrace --data-dir=/data/mine --hidden');
  });
});

describe('on Windows', () => {
  it('is told to the system, with its arguments', () => {
    const plan = loginPlan(true, here({ platform: 'win32', executable: String.raw`C:\Millrace\Millrace.exe`, dataDir: String.raw`D:\my data` }));
    expect(plan).toMatchObject({ kind: 'system', settings: { openAtLogin: true, path: String.raw`C:\Millrace\Millrace.exe`, args: [String.raw`"--data-dir=D:\my data"`, '--hidden'] } });
    expect(loginPlan(false, here({ platform: 'win32' }))).toMatchObject({ settings: { openAtLogin: false, args: ['--hidden'] } });
  });
});

describe('on macOS', () => {
  it('is told to the system, which starts the app itself', () => {
    expect(loginPlan(true, here({ platform: 'darwin' }))).toEqual({ kind: 'system', settings: { openAtLogin: true } });
  });

  it('is left alone where the app needs arguments, which macOS gives none', () => {
    expect(loginPlan(false, here({ platform: 'darwin', dataDir: '/data/mine' }))).toBeNull();
    expect(loginPlan(true, here({ platform: 'darwin', appFolder: '/src' }))).toBeNull();
  });
});
