import { EventEmitter } from 'node:events';
import type { Dialog, OpenDialogReturnValue, SaveDialogReturnValue, Screen, Shell } from 'electron';

/** What the app asked of the desktop, for tests to look at; and what the person answers in its next dialogs. */
export const desktop = {
  openedLinks: [] as string[],
  revealed: [] as string[],
  dialogs: [] as unknown[],
  /** Paths of the next dialogs' answers, in order; a dialog nobody prepared for is cancelled. */
  answers: [] as string[],
};

function askPerson(args: readonly unknown[]): string | undefined {
  desktop.dialogs.push(args.at(-1));
  return desktop.answers.shift();
}

export const dialog = {
  showOpenDialog: (...args: readonly unknown[]): Promise<OpenDialogReturnValue> => {
    const path = askPerson(args);
    return Promise.resolve({ canceled: path === undefined, filePaths: path === undefined ? [] : [path] });
  },
  showSaveDialog: (...args: readonly unknown[]): Promise<SaveDialogReturnValue> => {
    const path = askPerson(args);
    return Promise.resolve({ canceled: path === undefined, filePath: path ?? '' });
  },
  showErrorBox: (title: string, content: string): void => {
    desktop.dialogs.push({ title, content });
    process.stderr.write(`${title}: ${content}\n`);
  },
} satisfies Pick<Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showErrorBox'>;

export const shell = {
  openExternal: (url: string): Promise<void> => {
    desktop.openedLinks.push(url);
    return Promise.resolve();
  },
  showItemInFolder: (path: string): void => void desktop.revealed.push(path),
} satisfies Pick<Shell, 'openExternal' | 'showItemInFolder'>;

const workArea = { x: 0, y: 0, width: 1920, height: 1040 };
const display = { workArea, bounds: { ...workArea, height: 1080 } };
export const screen = {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
} satisfies { [K in 'getPrimaryDisplay' | 'getAllDisplays']: () => unknown } & { getPrimaryDisplay: () => Pick<ReturnType<Screen['getPrimaryDisplay']>, 'workArea' | 'bounds'> };

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.emit('updated');
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return false;
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();

type SchemeHandler = (request: Request) => Response | Promise<Response>;
export const schemes = { privileged: new Set<string>(), handlers: new Map<string, SchemeHandler>() };

export const protocol = {
  registerSchemesAsPrivileged: (list: readonly { readonly scheme: string }[]): void => {
    for (const { scheme } of list) schemes.privileged.add(scheme);
  },
  handle: (scheme: string, handler: SchemeHandler): void => void schemes.handlers.set(scheme, handler),
};

type Contents = { getURL(): string };
type RequestHandler = (contents: Contents, permission: string, answer: (granted: boolean) => void) => void;
type CheckHandler = (contents: Contents | null, permission: string, origin: string) => boolean;
export const permissions: { request: RequestHandler | null; check: CheckHandler | null } = { request: null, check: null };

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: RequestHandler | null): void => {
      permissions.request = handler;
    },
    setPermissionCheckHandler: (handler: CheckHandler | null): void => {
      permissions.check = handler;
    },
  },
};
