import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { desktop } from './desktop.ts';
import { choose, itemsOf, Menu } from './menu.ts';
import { Notification } from './notification.ts';
import { powerMonitor, startedBlockers } from './power.ts';
import { keyring } from './safe-storage.ts';
import { Tray } from './tray.ts';

const theTray = (): Tray => {
  const [tray, ...others] = Tray.shown();
  if (tray === undefined || others.length > 0) throw new Error(`There are ${Tray.shown().length} icons in the tray.`);
  return tray;
};

/** What a test may do to the app from outside, as a person at the desktop could, and what it may look at. */
const controls = {
  /** Chooses an item of the native menu by its id. */
  clickMenu: (id: string): null => {
    choose(Menu.getApplicationMenu(), id);
    return null;
  },
  menu: (): readonly { readonly id: string | null; readonly label: string | null }[] => itemsOf(Menu.getApplicationMenu()).map((item) => ({ id: item.id ?? null, label: item.label ?? null })),
  /** The icon in the tray and its menu; null where there is none. */
  tray: (): { readonly icon: string; readonly isTemplate: boolean; readonly tooltip: string; readonly items: readonly { readonly id: string | null; readonly label: string | null }[] } | null => {
    if (Tray.shown().length === 0) return null;
    const { image, tooltip, menu } = theTray();
    return { icon: image.path, isTemplate: image.isTemplateImage(), tooltip, items: itemsOf(menu).filter((item) => item.type !== 'separator').map((item) => ({ id: item.id ?? null, label: item.label ?? null })) };
  },
  clickTray: (): null => {
    theTray().emit('click');
    return null;
  },
  chooseInTray: (id: string): null => {
    choose(theTray().menu, id);
    return null;
  },
  notifications: (): readonly { readonly title: string; readonly body: string }[] => Notification.all().map(({ title, body }) => ({ title, body })),
  clickNotification: (title: string): null => {
    const found = Notification.all().findLast((one) => one.title === title);
    if (found === undefined) throw new Error(`No notification says "${title}".`);
    found.emit('click');
    return null;
  },
  /** The machine sleeps, wakes, is locked, …: the name is powerMonitor's. */
  power: (event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'on-ac' | 'on-battery'): null => {
    powerMonitor.emit(event);
    return null;
  },
  /** What the system was told to start at login; null while it was told nothing. */
  login: () => app.login,
  /** What keeps the machine awake. */
  blockers: () => startedBlockers(),
  /** What becomes of the desktop's keyring: another one, locked or open, its key replaced. */
  setKeyring: (change: Partial<typeof keyring>): null => {
    Object.assign(keyring, change);
    return null;
  },
  /** The person goes to another program. */
  blur: (): null => {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
    return null;
  },
  closeWindow: async (): Promise<null> => {
    const [window] = BrowserWindow.getAllWindows();
    window?.close();
    await window?.whenGone();
    return null;
  },
  /** The path that the next system dialog gives back; without one it is cancelled. */
  answerDialog: (path: string): null => {
    desktop.answers.push(path);
    return null;
  },
  desktop: () => ({ openedLinks: desktop.openedLinks, revealed: desktop.revealed, dialogs: desktop.dialogs }),
  windows: () => BrowserWindow.getAllWindows().map((window) => ({ bounds: window.getBounds(), maximized: window.isMaximized(), visible: window.isVisible(), url: window.webContents.getURL() })),
  setBounds: (bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): null => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
    return null;
  },
  /** Where Chromium listens, once the app is ready. */
  endpoint: async (): Promise<string> => {
    await app.whenReady();
    return app.chromium.endpoint;
  },
  quit: (): null => {
    setImmediate(() => app.quit());
    return null;
  },
};
export type Controls = typeof controls;

export interface ControlCall {
  readonly id: number;
  readonly name: keyof Controls;
  readonly args: readonly unknown[];
}
export type ControlReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

async function answer({ id, name, args }: ControlCall): Promise<ControlReply> {
  try {
    return { id, value: await (controls[name] as (...given: readonly unknown[]) => unknown)(...args) };
  } catch (thrown) {
    return { id, error: String(thrown) };
  }
}

const reply = async (call: ControlCall): Promise<void> => void process.send?.(await answer(call));
process.on('message', (call) => void reply(call as ControlCall));
