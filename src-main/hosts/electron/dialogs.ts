import { BrowserWindow, dialog, shell } from 'electron';
import type { FileFilter, OpenDialogOptions } from 'electron';
import type { Dialogs } from '../../api/context.ts';
import { present } from '../../api/plain.ts';

type PickRequest = Parameters<Dialogs['pick']>[0];

interface CommonOptions {
  title?: string;
  defaultPath?: string;
  filters?: FileFilter[];
}

function optionsOf({ title, extensions = [], defaultPath, mode }: PickRequest): CommonOptions {
  const named = extensions.length > 0 && mode !== 'folder';
  const filters: FileFilter[] = [{ name: extensions.map((one) => `*.${one}`).join(', '), extensions: [...extensions] }, { name: '*', extensions: ['*'] }];
  return present({ title, defaultPath, filters: named ? filters : undefined });
}

/** The system's own dialogs, in front of the window that asked. */
export const nativeDialogs: Dialogs = {
  pick: async (request) => {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const options = optionsOf(request);
    if (request.mode === 'save') {
      const saved = await (window === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
      return saved.canceled ? null : saved.filePath;
    }
    const asked: OpenDialogOptions = { ...options, properties: request.mode === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile'] };
    const opened = await (window === undefined ? dialog.showOpenDialog(asked) : dialog.showOpenDialog(window, asked));
    return opened.canceled ? null : (opened.filePaths[0] ?? null);
  },
  reveal: async (path) => {
    shell.showItemInFolder(path);
    return Promise.resolve();
  },
};
