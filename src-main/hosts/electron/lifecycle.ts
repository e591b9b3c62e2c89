import { app, dialog, nativeTheme } from 'electron';
import type { Settings } from '#shared/contract/studio';
import { errorSentence, toErrorInfo } from '#shared/errors';
import type { Studio } from '../../studio-types.ts';
import { menuLanguage } from './menu-template.ts';
import type { MenuLanguage } from './menu-template.ts';

/** Applies settings now and whenever they change. */
export function followSettings(studio: Studio, onLanguage: (language: MenuLanguage) => void): void {
  const apply = (settings: Settings): void => {
    nativeTheme.themeSource = settings.theme;
    onLanguage(menuLanguage(settings.language, app.getLocale()));
  };
  apply(studio.settings.get());
  studio.settings.subscribe(apply);
}

/** The app ends only after its studio has: no more calls are answered, runs are stopped and the journal is closed. */
export function closeStudioFirst(studio: Studio, stopCalls: () => void): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    stopCalls();
    studio.close().then(
      () => app.exit(0),
      (thrown: unknown) => {
        console.error(thrown);
        app.exit(1);
      },
    );
  });
}

/** A studio that does not open is told of in a box, because there is no window to tell it in; then the app ends. */
export function giveUp(thrown: unknown): void {
  const info = toErrorInfo(thrown);
  dialog.showErrorBox('Millrace', info.code === 'internal' ? `The studio did not open: ${info.message}` : errorSentence(info));
  app.exit(1);
}
