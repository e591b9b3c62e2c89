import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { ErrorInfo, StudioError, fromErrorInfo } from '#shared/errors';
import { currentText } from '../i18n/use-text.ts';
import { useConnection } from './connection.ts';
import { clientText } from './text.ts';

type Link = ClientLink<ClientContext>;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const NO_ANSWER_MS = 8000;

/** Is the window inside Electron, whose preload hands out a port? Pages of the server host come over http and have none. */
export const inElectron = (): boolean => navigator.userAgent.includes('Electron') || !window.location.protocol.startsWith('http');

/** Asks the preload for the port of this window. It is handed over once, and lives as long as the window. */
function portLink(): Promise<Link> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const data = event.data;
      if (event.source !== window || typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'millrace:port') return;
      const port = event.ports[0];
      if (port === undefined) return;
      window.removeEventListener('message', onMessage);
      port.addEventListener('close', () => useConnection.setState({ state: 'lost', since: Date.now() }));
      const link = new PortLink({ port });
      port.start();
      useConnection.setState({ state: 'open' });
      resolve(link);
    };
    window.addEventListener('message', onMessage);
    window.postMessage({ type: 'millrace:want-port' }, '*');
  });
}

/** One WebSocket at a time; a lost one is replaced with growing pauses, and calls made meanwhile wait for the new one. */
function socketLinks(url: string): () => Promise<Link> {
  let waits = FIRST_WAIT_MS;
  let current: Promise<Link>;
  const open = (): Promise<Link> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      const link = new SocketLink({ websocket: socket });
      socket.addEventListener('open', () => {
        waits = FIRST_WAIT_MS;
        useConnection.setState({ state: 'open' });
        resolve(link);
      });
      socket.addEventListener('close', () => {
        const { state } = useConnection.getState();
        if (state === 'open') current = again();
        else setTimeout(() => void open().then(resolve), (waits = Math.min(waits * 2, LONGEST_WAIT_MS)));
        if (state !== 'lost') useConnection.setState({ state: 'lost', since: Date.now() });
      });
    });
  const again = (): Promise<Link> => new Promise((resolve) => setTimeout(() => void open().then(resolve), waits));
  current = open();
  return () => current;
}

/** What came back as an oRPC error becomes the StudioError that the studio threw. */
export function asStudioError(thrown: unknown): unknown {
  if (thrown instanceof ORPCError) {
    const info = ErrorInfo.safeParse(thrown.data);
    if (info.success) return fromErrorInfo(info.data);
    return new StudioError(thrown.code === 'BAD_REQUEST' ? 'invalid_input' : 'internal', thrown.message, { detail: JSON.stringify(thrown.data ?? null, null, 2) });
  }
  return thrown;
}

/**
 * While the connection is lost a call waits a little for the next one, and then fails with a sentence: a click on Run must not turn
 * into a run minutes later.
 */
function answering(link: Promise<Link>): Promise<Link> {
  if (useConnection.getState().state !== 'lost') return link;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const { t } = currentText();
      reject(new StudioError('timeout', t(clientText.noAnswer), { remedy: t(clientText.noAnswerRemedy) }));
    }, NO_ANSWER_MS);
  });
  return Promise.race([link, late]).finally(() => clearTimeout(timer));
}

/** The pipe to the studio, chosen at run time. Its errors are StudioErrors; the callers do not know which pipe it is. */
export function connectStudio(): Link {
  const scheme = window.location.protocol === 'https:' ? 'wss:' : 'ws:';
  const port = inElectron() ? portLink() : undefined;
  const links = port === undefined ? socketLinks(`${scheme}//${window.location.host}/rpc`) : () => port;
  return {
    call: async (path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) => {
      const link = await answering(links());
      try {
        return await link.call(path, input, options);
      } catch (thrown) {
        throw asStudioError(thrown);
      }
    },
  };
}
