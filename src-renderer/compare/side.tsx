import { useText } from '../i18n/use-text.ts';
import type { Side } from './pairs.ts';
import { compareText } from './text.ts';

const LOOK: Readonly<Record<Side, string>> = { A: 'bg-active text-ink', B: 'bg-accent-soft text-accent-text' };

/** The letter that a run goes by on the page. */
export function SideMark({ side }: { readonly side: Side }) {
  const { t } = useText();
  return (
    <span role="img" aria-label={t(side === 'A' ? compareText.runA : compareText.runB)} className={`inline-grid h-4.5 min-w-4.5 shrink-0 place-items-center rounded-sm px-1 text-2xs font-semibold ${LOOK[side]}`}>
      {side}
    </span>
  );
}
