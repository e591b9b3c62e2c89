import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { desktop } from './desktop.ts';
import { menuItems } from './menu.ts';

/** What a test may do to the app from outside, as a person at the desktop could, and what it may look at. */
const controls = {
  /** Chooses an item of the native menu by its id. */
  clickMenu: (id: string): null => {
    const item = menuItems().find((one) => one.id === id);
    if (item === undefined) throw new Error(`The menu has no item "${id}".`);
    (item.click as (() => void) | undefined)?.();
    return null;
  },
  menu: (): readonly { readonly id: string | null; readonly label: string | null }[] => menuItems().map((item) => ({ id: item.id ?? null, label: item.label ?? null })),
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
