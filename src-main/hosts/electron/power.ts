import { app, BrowserWindow, powerMonitor, systemPreferences } from 'electron';
import type { PowerEvent } from '../../studio-types.ts';

/** What Windows sends to every window when its clock or zone was set. */
const WM_TIMECHANGE = 0x1e;
/** What macOS calls the same. */
const CLOCK_CHANGES = ['NSSystemClockDidChangeNotification', 'NSSystemTimeZoneDidChangeNotification'];

/**
 * Tells the scheduler what the machine does. Locking, unlocking and the power cord are told of by macOS and Windows, a clock that was
 * set by macOS, and by Windows while there is a window; the scheduler looks at the clock itself besides. Returns the way to stop.
 */
export function followPower(tell: (event: PowerEvent) => void): () => void {
  let following = true;
  const as = (event: PowerEvent) => (): void => {
    if (following) tell(event);
  };
  powerMonitor.on('suspend', as('suspend'));
  powerMonitor.on('resume', as('resume'));
  powerMonitor.on('lock-screen', as('lock'));
  powerMonitor.on('unlock-screen', as('unlock'));
  powerMonitor.on('on-ac', as('onAc'));
  powerMonitor.on('on-battery', as('onBattery'));
  if (process.platform === 'win32') {
    const listenIn = (window: BrowserWindow): void => window.hookWindowMessage(WM_TIMECHANGE, as('clockChanged'));
    BrowserWindow.getAllWindows().forEach(listenIn);
    app.on('browser-window-created', (_event, window) => listenIn(window));
  }
  const subscriptions = process.platform === 'darwin' ? CLOCK_CHANGES.map((name) => systemPreferences.subscribeLocalNotification(name, as('clockChanged'))) : [];
  return () => {
    following = false;
    for (const id of subscriptions) systemPreferences.unsubscribeLocalNotification(id);
  };
}
