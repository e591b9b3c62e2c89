import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';

/** Messages from every page's ipcRenderer, by channel. */
export const ipcMain = new EventEmitter() satisfies EventEmitter & Pick<IpcMain, 'emit'>;
