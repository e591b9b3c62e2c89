import type { OpenConnection } from '#shared/connections/connection';
import { open, stalled } from './link.ts';
import type { Link } from './link.ts';

/**
 * A line can go silent without being cut: then a wait would last for ever. When the server has said nothing for `silenceMs` while something
 * was asked of it, it is asked on a second line what the session does. One that computes may take as long as it likes; one that waits
 * for us, or that can't be asked after, is given up.
 */
export function watch(connection: OpenConnection, link: Link, silenceMs: number): { stop(): void } {
  let excused = 0;
  let asking = false;
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    const silence = link.silence();
    if (silence < silenceMs) excused = 0;
    if (asking || silence - excused < silenceMs) return;
    asking = true;
    const busy = await isBusy(connection, link.serverPid(), ended.signal).catch(() => false);
    asking = false;
    if (ended.signal.aborted) return;
    if (busy || link.silence() < silenceMs) excused = link.silence();
    else link.fail(stalled(link.settings, Math.round(link.silence() / 1000)));
  };
  const timer = setInterval(() => void look(), Math.max(50, silenceMs / 4));
  timer.unref();
  return {
    stop() {
      ended.abort();
      clearInterval(timer);
    },
  };
}

/** Does the session compute, or wait for a lock or a disk, rather than for its client? */
async function isBusy(connection: OpenConnection, pid: number, signal: AbortSignal): Promise<boolean> {
  const link = await open(connection, signal);
  try {
    const { rows } = await link.ask(link.client.query<[string, string | null]>({ text: 'SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = $1', values: [pid], rowMode: 'array' }));
    const [state, waits] = rows[0] ?? [];
    return state === 'active' && waits !== 'Client';
  } finally {
    await link.close();
  }
}
