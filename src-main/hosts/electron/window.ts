import { BrowserWindow, nativeTheme, screen } from 'electron';
import { WINDOW_URL } from './addresses.ts';
import { placeIn } from './places.ts';
import type { Place } from './places.ts';
import { placeWindow, readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

/** What shows before the first paint: the window's own background, so that nothing flashes. */
const BACKGROUND = { light: '#ffffff', dark: '#0e1116' } as const;

export interface WindowOptions {
  /** The built preload script, absolute. */
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
}

/** Opens the one window at a place: isolated, sandboxed, without Node, shown once it has something to show. */
function openWindow({ preload, stateFile }: WindowOptions, place: Place | null): BrowserWindow {
  const kept = readWindowState(stateFile);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(kept, screen.getPrimaryDisplay().workArea, screens),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Millrace',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, spellcheck: false },
  });
  if (kept?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  void window.loadURL(WINDOW_URL + (place ?? ''));
  return window;
}

/** Brings an open window to the person. */
function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** The one window, whether it is open or not. */
export interface TheWindow {
  /** Brings it to the person, at a place if one is named; where it was closed it opens again as it stood, at the place it showed. */
  readonly show: (place?: Place) => void;
  readonly isOpen: () => boolean;
  /** What the person looks at: null while the window has not the focus. */
  readonly looking: () => Place | 'elsewhere' | null;
}

const current = (): BrowserWindow | undefined => BrowserWindow.getAllWindows()[0];

/** There is one window at most: it is opened, shown and asked about here. */
export function theWindow(options: WindowOptions): TheWindow {
  let last: Place | null = null;
  const open = (place: Place | null): void => {
    const window = openWindow(options, place);
    window.on('close', () => {
      last = placeIn(window.webContents.getURL());
    });
  };
  return {
    show: (place) => {
      const window = current();
      if (window === undefined) return open(place ?? last);
      raise(window);
      // Only what follows # differs: the page stays and goes there, as if the person had.
      if (place !== undefined && placeIn(window.webContents.getURL()) !== place) void window.loadURL(WINDOW_URL + place);
    },
    isOpen: () => current() !== undefined,
    looking: () => {
      const window = current();
      if (window === undefined || !window.isFocused()) return null;
      return placeIn(window.webContents.getURL()) ?? 'elsewhere';
    },
  };
}
