import { BrowserWindow, nativeTheme, screen } from 'electron';
import { WINDOW_URL } from './addresses.ts';
import { placeWindow, readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

/** What shows before the first paint: the window's own background, so that nothing flashes. */
const BACKGROUND = { light: '#ffffff', dark: '#0e1116' } as const;

export interface WindowOptions {
  /** The built preload script, absolute. */
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
}

/** Opens the one window: isolated, sandboxed, without Node, shown once it has something to show. */
export function openWindow({ preload, stateFile }: WindowOptions): BrowserWindow {
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
  void window.loadURL(WINDOW_URL);
  return window;
}

/** Brings the window to the person: what a second start does instead of starting. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
