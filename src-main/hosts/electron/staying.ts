/** What decides whether the app goes on without a window. */
export interface Staying {
  readonly platform: string;
  readonly keepInTray: boolean;
  /** Is there an icon that opens the window again? */
  readonly tray: boolean;
}

/**
 * Does the app outlive its last window? On macOS apps do. Elsewhere it does where the person wants that and there is an icon to come back
 * by: on a desktop without a tray closing the window ends the app, rather than leave one that nobody sees.
 */
export const staysWithoutWindow = ({ platform, keepInTray, tray }: Staying): boolean => platform === 'darwin' || (keepInTray && tray);
