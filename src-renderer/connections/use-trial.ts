import { useEffect, useRef, useState } from 'react';
import type { TestReport } from '#shared/connections/connection';
import { toErrorInfo } from '#shared/errors';
import type { ErrorInfo } from '#shared/errors';
import { client } from '../client/client.ts';
import type { Change } from './form.ts';

/** How a test of a connection goes. `of` is what was tested, so that a report can be told from one of other settings. */
export type Trial =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly of: string; readonly since: number }
  | { readonly kind: 'reported'; readonly of: string; readonly report: TestReport }
  | { readonly kind: 'failed'; readonly of: string; readonly error: ErrorInfo };

/** What a report is about: all but the name. A secret may be in it: it is compared, never shown. */
export const subjectOf = ({ previous, kind, settings, secrets }: Change): string => JSON.stringify([previous, kind, settings, secrets]);

/** Tests connections, one at a time: a newer test and the end of the component leave an older one alone. */
export function useTrial(): { readonly trial: Trial; readonly start: (change: Change) => void; readonly stop: () => void } {
  const [trial, setTrial] = useState<Trial>({ kind: 'none' });
  const going = useRef<AbortController | null>(null);
  useEffect(() => () => going.current?.abort(), []);
  const stop = (): void => {
    going.current?.abort();
    going.current = null;
    setTrial({ kind: 'none' });
  };
  const start = (change: Change): void => {
    going.current?.abort();
    const mine = new AbortController();
    going.current = mine;
    const of = subjectOf(change);
    setTrial({ kind: 'running', of, since: Date.now() });
    const end = (next: Trial): void => (mine.signal.aborted ? undefined : setTrial(next));
    client.connections.test(change, { signal: mine.signal }).then(
      (report) => end({ kind: 'reported', of, report }),
      (thrown: unknown) => end({ kind: 'failed', of, error: toErrorInfo(thrown) }),
    );
  };
  return { trial, start, stop };
}
