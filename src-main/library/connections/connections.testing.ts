import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenConnection, TestReport } from '#shared/connections/connection';
import type { NodeSpec } from '#shared/node-spec';
import type { ConnectionChange, Connections, SecretBox } from '../../studio-types.ts';
import { openConnections } from './connections.ts';
import { createKeyFileBox } from './key-file.ts';

/** A data folder's connections, as often opened as a test likes: what one has saved the next one reads. */
export interface Desk {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly text: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly open: (more?: { readonly env?: Readonly<Record<string, string>>; readonly box?: SecretBox; readonly specs?: readonly NodeSpec[] }) => Connections;
  /** What was handed to a test of a connection. */
  readonly tried: OpenConnection[];
  readonly remove: () => void;
}

const works: TestReport = { ok: true, steps: [], server: 'A server', durationMs: 1, error: null };

export function newDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-connections-'));
  const path = (name: string): string => join(folder, name);
  const tried: OpenConnection[] = [];
  return {
    folder,
    path,
    text: (name) => readFileSync(path(name), 'utf8'),
    write: (name, text) => writeFileSync(path(name), text),
    tried,
    open: ({ env = {}, box = createKeyFileBox({ env, file: path('secret.key') }), specs = [] } = {}) =>
      openConnections({
        files: { connections: path('connections.json'), secrets: path('secrets.json') },
        box,
        specs,
        folder: () => folder,
        test: (connection) => {
          tried.push(connection);
          return Promise.resolve(works);
        },
        library: null,
        clock: () => 1000,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A connection to a database as the window would save it. */
export const database = (name: string, more: Partial<ConnectionChange> = {}): ConnectionChange => ({ name, kind: 'postgresql', settings: { database: 'shop', user: 'reader' }, previous: null, secrets: { password: `${name} pass word` }, ...more });
