import { useEffect, useState } from 'react';
import { nameMoment, parseRoute } from '../app/router.ts';

const QUIET_MS = 200;

/**
 * Which moment of a run is looked at: after how many events, null for the latest. It starts where the address says, follows a link to
 * another moment, and names itself in the address once it has stood still, so that the address can be handed on.
 */
export function useMoment(runId: string, version: number | undefined): readonly [at: number | null, setAt: (at: number | null) => void] {
  const [at, setAt] = useState<number | null>(version ?? null);
  useEffect(() => {
    const onLink = (): void => {
      const route = parseRoute(window.location.hash);
      if (route.place === 'run' && route.runId === runId) setAt(route.version ?? null);
    };
    window.addEventListener('hashchange', onLink);
    return () => window.removeEventListener('hashchange', onLink);
  }, [runId]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const route = parseRoute(window.location.hash);
      if (route.place === 'run' && route.runId === runId && (route.version ?? null) !== at) nameMoment({ place: 'run', runId, ...(at === null ? {} : { version: at }) });
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [runId, at]);
  return [at, setAt];
}
