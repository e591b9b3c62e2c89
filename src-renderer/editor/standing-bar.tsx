import { useMemo } from 'react';
import { useText } from '../i18n/use-text.ts';
import { nodeNames } from '../runs/run-workflow.ts';
import { StandingStill } from '../runs/standing-still.tsx';
import { useLive, useSession } from './session.ts';

/** Why the run that is watched stands still, and the answers it waits for. */
export function StandingBar() {
  const { pick } = useText();
  const { specs } = useSession();
  const run = useLive((state) => state.run);
  const still = run !== null && (run.status === 'paused' || run.status === 'interrupted');
  const names = useMemo(() => (still ? nodeNames(run, specs, pick) : new Map()), [still, run, specs, pick]);
  return still ? <StandingStill run={run} latest={run} names={names} readOnly={false} /> : null;
}
