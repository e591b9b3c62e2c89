import { posix } from 'node:path';
import { StudioError } from '#shared/errors';
import { localPlace } from '../../connectors/files/local.ts';
import type { Place } from '../../connectors/files/place.ts';
import type { StreamContext } from '../define.ts';
import { failed } from '../sql.ts';
import type { Ends } from './between.ts';

export type Direction = 'local' | 'upload' | 'download' | 'remote';

/** Both ends of a transfer, and how the node's two paths are meant there. */
export interface Opened extends Ends {
  readonly source: (path: string) => string;
  readonly target: (path: string) => string;
  /** The home folder at the target: nothing is mirrored onto it. */
  readonly home: string;
  readonly close: () => void;
}

export const readsHere = (direction: Direction): boolean => direction === 'local' || direction === 'upload';
export const writesHere = (direction: Direction): boolean => direction === 'local' || direction === 'download';

/** Opens what the direction needs: nothing, or one line to the server that both ends may share. */
export async function openEnds({ direction, connection }: { readonly direction: Direction; readonly connection?: string }, context: StreamContext): Promise<Opened> {
  const here = (path: string): string => context.resolve(path);
  if (direction === 'local') return { from: localPlace, to: localPlace, source: here, target: here, home: await localPlace.home(), close: () => undefined };
  if (connection === undefined) throw failed('connection', 'No connection is chosen.', 'Choose one to an SFTP server, or make it under Settings → Connections.');
  const open = await context.connection(connection, ['sftp']);
  // Loaded here: who copies on this computer does not pay for the client.
  const [{ openSession, settingsOf }, { sftpPlace }] = await Promise.all([import('../../connectors/sftp/session.ts'), import('../../connectors/sftp/place.ts')]);
  const session = await openSession(open, context.signal);
  try {
    const said = new Set<string>();
    const sayOnce = (line: string): void => {
      if (!said.has(line)) context.console(line);
      said.add(line);
    };
    const server: Place = sftpPlace(session, sayOnce);
    const home = await server.home();
    const { folder } = settingsOf(open);
    const base = posix.resolve(home, folder);
    if ((await server.info(base))?.kind !== 'folder') throw new StudioError('io', 'The connection’s folder doesn’t exist on the server.', { place: server.shown(base), remedy: 'Make it there, or name another one in the connection.' });
    const there = (path: string): string => posix.resolve(base, path);
    return {
      from: readsHere(direction) ? localPlace : server, to: writesHere(direction) ? localPlace : server,
      source: readsHere(direction) ? here : there, target: writesHere(direction) ? here : there,
      home: writesHere(direction) ? await localPlace.home() : home, close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
