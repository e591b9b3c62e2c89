import { useEffect, useState } from 'react';
import type { StudioEvent } from '#shared/events';
import type { LogLine, NodeProgress } from '#shared/contract/runs';
import { isTerminal } from '#shared/run/run';
import { client, follow } from '../client/client.ts';
import { emptyHistory, extend } from './history.ts';
import type { RunHistory } from './history.ts';

export interface WatchedRun {
  readonly history: RunHistory;
  readonly lines: readonly LogLine[];
  readonly progress: ReadonlyMap<string, NodeProgress>;
  /** How far each segment is, 0 to 1, by its name. */
  readonly fractions: Readonly<Record<string, number>>;
  /** Counts up when a sample came in: what was fetched before may be newer now. */
  readonly samples: number;
  /** The run has ended and everything it leaves behind is there. */
  readonly settled: boolean;
  readonly error: unknown;
}

const nothing: WatchedRun = { history: emptyHistory, lines: [], progress: new Map(), fractions: {}, samples: 0, settled: false, error: null };
const FLUSH_MS = 60;

/** Watches a run: its events so far, then what comes. Bursts are shown together, so that a quick run does not drown the window. */
export function useWatchedRun(runId: string): WatchedRun {
  const [watched, setWatched] = useState(nothing);
  useEffect(() => {
    let events: StudioEvent[] = [];
    let lines: LogLine[] = [];
    let restart = false;
    let samples = 0;
    let progress: ReadonlyMap<string, NodeProgress> | null = null;
    let fractions: Readonly<Record<string, number>> = {};
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = (): void => {
      timer = null;
      const batch = { events, lines, restart, samples, progress, fractions };
      events = [];
      lines = [];
      restart = false;
      samples = 0;
      progress = null;
      setWatched((old) => ({
        history: extend(old.history, batch.events),
        lines: batch.restart ? batch.lines : batch.lines.length === 0 ? old.lines : [...old.lines, ...batch.lines],
        progress: batch.progress === null ? old.progress : new Map([...old.progress, ...batch.progress]),
        fractions: batch.fractions,
        samples: old.samples + batch.samples,
        settled: old.settled,
        error: null,
      }));
    };
    const soon = (): void => {
      timer ??= setTimeout(flush, FLUSH_MS);
    };
    const settle = (): void => {
      client.runs.console({ runId }).then(
        (all) => setWatched((old) => (all.length >= old.lines.length ? { ...old, lines: all } : old)),
        () => undefined,
      );
    };
    let told = 0;
    const watch = (): (() => void) => follow((signal) => client.runs.watch({ runId }, { signal }), {
      onStart: () => {
        lines = [];
        restart = true;
      },
      onValue: (update) => {
        if (update.kind === 'event') {
          if (update.event.version <= told) return;
          told = update.event.version;
          events.push(update.event);
        } else if (update.kind === 'console') lines.push(...update.lines);
        else if (update.kind === 'sample') samples += 1;
        else {
          progress = new Map([...(progress ?? []), ...update.nodes.map((node) => [node.node as string, node] as const)]);
          if (update.fraction !== null) fractions = { ...fractions, [update.segment]: update.fraction };
        }
        soon();
      },
      onEnd: () => {
        if (timer !== null) clearTimeout(timer);
        flush();
        setWatched((old) => ({ ...old, settled: true, samples: old.samples + 1 }));
        settle();
      },
      onError: (thrown) => {
        const known = typeof thrown === 'object' && thrown !== null && 'code' in thrown && (thrown.code === 'not_found' || thrown.code === 'invalid_input');
        if (known) setWatched((old) => ({ ...old, error: thrown }));
        return known;
      },
    });
    let stop = (): void => undefined;
    let left = false;
    const begin = async (): Promise<void> => {
      // All there is in one piece; the stream tells it again and is passed over. Why it could not be had, the stream says too.
      const all = await client.runs.events({ runId }).catch(() => []);
      if (left) return;
      told = all.at(-1)?.version ?? 0;
      events.push(...all);
      if (all.length > 0) flush();
      stop = watch();
    };
    void begin();
    return () => {
      left = true;
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [runId]);
  return watched;
}

/** Does the run still go on? */
export const isGoing = (watched: WatchedRun): boolean => watched.history.latest !== null && !isTerminal(watched.history.latest.status);
