import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { NativeImage as RealImage, Tray as RealTray } from 'electron';
import type { Menu } from './menu.ts';

/** A picture from a PNG file; what can't be read is empty, as Electron has it. */
class NativeImage implements Pick<RealImage, 'isEmpty' | 'getSize' | 'setTemplateImage' | 'isTemplateImage'> {
  readonly path: string;
  readonly #size: { readonly width: number; readonly height: number };
  #template = false;

  constructor(path: string) {
    this.path = path;
    this.#size = sizeOfPng(path);
  }

  isEmpty(): boolean {
    return this.#size.width === 0;
  }

  getSize(): { width: number; height: number } {
    return this.#size;
  }

  setTemplateImage(option: boolean): void {
    this.#template = option;
  }

  isTemplateImage(): boolean {
    return this.#template;
  }
}

function sizeOfPng(path: string): { readonly width: number; readonly height: number } {
  try {
    const bytes = readFileSync(path);
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  } catch {
    return { width: 0, height: 0 };
  }
}

export const nativeImage = { createFromPath: (path: string): NativeImage => new NativeImage(path) };

type InTray = Pick<RealTray, 'setToolTip' | 'destroy' | 'isDestroyed'>;

/** An icon in a tray that nobody sees but a test can click. */
export class Tray extends EventEmitter implements InTray {
  static readonly #all = new Set<Tray>();
  tooltip = '';
  menu: Menu | null = null;
  image: NativeImage;
  #destroyed = false;

  constructor(image: NativeImage) {
    super();
    if (image.isEmpty()) throw new Error(`There is no picture at ${image.path}: nobody would see this icon.`);
    this.image = image;
    Tray.#all.add(this);
  }

  /** Every icon that is shown. */
  static shown(): readonly Tray[] {
    return [...Tray.#all];
  }

  setImage(image: NativeImage): void {
    this.image = image;
  }

  setToolTip(toolTip: string): void {
    this.tooltip = toolTip;
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }

  destroy(): void {
    this.#destroyed = true;
    Tray.#all.delete(this);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }
}
