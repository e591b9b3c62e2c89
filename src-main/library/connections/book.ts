import { chmod, copyFile } from 'node:fs/promises';
import { z } from 'zod';
import { Connection } from '#shared/connections/connection';
import { errorSentence, StudioError, toErrorInfo } from '#shared/errors';
import { jsonError } from '#shared/workflow/json-error';
import { readText, saveText, stampOf } from '../files.ts';
import type { Stamp } from '../files.ts';

/** Sealed secrets by the connection's name and the field's. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Kept {
  readonly connections: readonly Connection[];
  readonly secrets: Secrets;
  /** What of the files could not be read, a sentence each. */
  readonly damage: readonly string[];
}

/** connections.json and secrets.json on the disk. Both are for their owner alone. */
export interface Book {
  /** As the files stand now, whoever has written them. */
  read(): Promise<Kept>;
  /** Puts both; what could not be read is put aside before anything is written over it. A crash in between loses no secret. */
  write(next: Pick<Kept, 'connections' | 'secrets'>): Promise<void>;
}

/** A file as it was read. `rest` is written back as it is: entries that nothing here understands. `unread`: a copy has to be put aside first. */
interface Part<T> {
  readonly value: T;
  readonly rest: readonly unknown[];
  readonly damage: readonly string[];
  readonly unread: boolean;
}

const OWNER_ONLY = 0o600;
const SecretsFile = z.object({ formatVersion: z.literal(1), secrets: z.record(z.string(), z.record(z.string(), z.string())) });
const ConnectionsFile = z.object({ formatVersion: z.literal(1), connections: z.array(z.unknown()) });

/** Undefined where there is no file. Throws with a sentence that shows nothing of the file: it may be that of the secrets. */
async function jsonIn(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readText(path);
  } catch (thrown) {
    if (toErrorInfo(thrown).code === 'not_found') return undefined;
    throw thrown;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { offset, reason } = jsonError(text);
    throw new StudioError('io', `This is not JSON: ${reason[0]} at line ${text.slice(0, offset).split('\n').length}.`, { place: path });
  }
}

async function partOf<T>(path: string, empty: T, read: (value: unknown) => Part<T> | null): Promise<Part<T>> {
  const lost = (sentence: string): Part<T> => ({ value: empty, rest: [], unread: true, damage: [`${sentence} Mend the file, or go on: a copy of it is put aside before it is written again.`] });
  try {
    const value = await jsonIn(path);
    if (value === undefined) return { value: empty, rest: [], damage: [], unread: false };
    return read(value) ?? lost(`${path}: This is not a file of this Millrace’s connections.`);
  } catch (thrown) {
    return lost(errorSentence(toErrorInfo(thrown)));
  }
}

const readConnections = (path: string): Promise<Part<readonly Connection[]>> =>
  partOf<readonly Connection[]>(path, [], (value) => {
    const file = ConnectionsFile.safeParse(value);
    if (!file.success) return null;
    const readable: Connection[] = [];
    const rest: unknown[] = [];
    let unread = Object.keys(value as object).length > 2;
    for (const entry of file.data.connections) {
      const one = Connection.safeParse(entry);
      if (!one.success || readable.some(({ name }) => name === one.data.name)) rest.push(entry);
      else {
        readable.push(one.data);
        unread ||= JSON.stringify(entry).length !== JSON.stringify(one.data).length;
      }
    }
    const damage = rest.length === 0 ? [] : [`${path}: ${rest.length === 1 ? 'One connection' : `${rest.length} connections`} in it can’t be read: the name is taken or not allowed, or the kind is not known. Mend the file; until then it is kept there.`];
    return { value: readable, rest, damage, unread };
  });

const readSecrets = (path: string): Promise<Part<Secrets>> =>
  partOf<Secrets>(path, {}, (value) => {
    const file = SecretsFile.safeParse(value);
    return file.success ? { value: file.data.secrets, rest: [], damage: [], unread: Object.keys(value as object).length > 2 } : null;
  });

const same = (left: Stamp | null, right: Stamp | null): boolean => left?.bytes === right?.bytes && left?.modifiedAt === right?.modifiedAt;
const sameSecrets = (left: Secrets, right: Secrets): boolean => JSON.stringify(left) === JSON.stringify(right);

const save = (path: string, content: object): Promise<void> => saveText(path, `${JSON.stringify({ formatVersion: 1, ...content }, null, 2)}\n`, OWNER_ONLY);

/** Opens the two files. They are read when somebody asks, and again when somebody else has written them. */
export function openBook(files: { readonly connections: string; readonly secrets: string }, now: () => number): Book {
  let known: { readonly stamps: readonly [Stamp | null, Stamp | null]; readonly connections: Part<readonly Connection[]>; readonly secrets: Part<Secrets> } | null = null;

  const current = async () => {
    const stamps = [await stampOf(files.connections), await stampOf(files.secrets)] as const;
    if (known !== null && same(stamps[0], known.stamps[0]) && same(stamps[1], known.stamps[1])) return known;
    known = { stamps, connections: await readConnections(files.connections), secrets: await readSecrets(files.secrets) };
    return known;
  };
  const putAside = async (path: string, part: Part<unknown>): Promise<void> => {
    if (!part.unread) return;
    const aside = `${path}.broken-${now()}`;
    await copyFile(path, aside);
    await chmod(aside, OWNER_ONLY).catch(() => undefined);
  };

  return {
    async read() {
      const { connections, secrets } = await current();
      return { connections: connections.value, secrets: secrets.value, damage: [...connections.damage, ...secrets.damage] };
    },
    async write(next) {
      const before = await current();
      if (next.connections !== before.connections.value) await putAside(files.connections, before.connections);
      await putAside(files.secrets, before.secrets);
      known = null;
      // Secrets first, those of an old name too: a connection is never there without what it was saved with.
      const both = { ...before.secrets.value, ...next.secrets };
      if (before.secrets.unread || !sameSecrets(both, before.secrets.value)) await save(files.secrets, { secrets: both });
      if (next.connections !== before.connections.value) await save(files.connections, { connections: [...next.connections, ...before.connections.rest] });
      if (!sameSecrets(both, next.secrets)) await save(files.secrets, { secrets: next.secrets });
    },
  };
}
