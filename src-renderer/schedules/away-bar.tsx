import { MoonStar } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { Button } from '../ui/index.ts';
import { reopenAway, useAway } from './away-state.ts';
import { Bar } from './bars.tsx';
import { awayText } from './text.ts';

/** Missed runs still wait for an answer, and their dialog was closed: the way back to it. */
export function AwayBar() {
  const { t, f } = useText();
  const { away, closed } = useAway();
  const now = useNow(1000, closed);
  if (away === null || !closed) return null;
  const left = away.deadline - now;
  return (
    <Bar icon={<MoonStar />} title={t(awayText.waits)} tone="interrupted" actions={<Button onClick={reopenAway}>{t(awayText.open)}</Button>}>
      <p>{left > 0 ? t(awayText.countdown, f.duration(Math.ceil(left / 1000) * 1000)) : t(awayText.now)}</p>
    </Bar>
  );
}
