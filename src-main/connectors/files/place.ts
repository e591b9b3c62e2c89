import type { PlatformPath } from 'node:path';

/** What is known of a file or folder; links are followed. Times in milliseconds. */
export interface Info {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly atimeMs: number;
  readonly mode: number;
}

/** An open file. Reads and writes say where, so that several may be under way. */
export interface OpenFile {
  /** Exactly `length` bytes, fewer only where the file ends. */
  read(position: number, length: number): Promise<Buffer>;
  write(bytes: Buffer, position: number): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  /** Returns when what was written is on the disk, where the place can say so. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where files are: this computer or a server. Paths are absolute and written in the place's own way. Errors are StudioErrors that name the path. */
export interface Place {
  readonly paths: PlatformPath;
  /** A path for a person: with the server's address where it is on one. */
  shown(path: string): string;
  /** The user's own folder. */
  home(): Promise<string>;
  /** What is there, or nothing. */
  info(path: string): Promise<Info | undefined>;
  /** Links resolved, also of something that is not there yet: the real path of its nearest folder, and the rest. */
  truePath(path: string): Promise<string>;
  /** Everything in a folder itself: names, and whether each is a file or a folder once links are followed; `isLink` says that one was. */
  entries(folder: string): Promise<readonly { readonly name: string; readonly kind: Info['kind']; readonly isLink: boolean }[]>;
  open(path: string, how: 'read' | 'write'): Promise<OpenFile>;
  /** In one step where the place can: what stood at `to` is replaced. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** With the folders above it. */
  makeFolder(path: string): Promise<void>;
  /** Gives a file the permissions and times of another. */
  dress(path: string, like: Info): Promise<void>;
  /** Returns when the folder's names are on the disk, where the place can say so. */
  syncFolder(path: string): Promise<void>;
  /** Requests that may be under way at once, each of `chunk` bytes. */
  readonly window: number;
  readonly chunk: number;
}
