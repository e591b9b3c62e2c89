import { GitCompareArrows, X } from 'lucide-react';
import type { RunRow } from '#shared/contract/runs';
import { go } from '../app/router.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { StatusDot } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { chooseRun } from './list-state.ts';
import { words } from './words.ts';

interface ChosenRunsProps {
  readonly chosen: readonly RunRow[];
  readonly onChosen: (chosen: readonly RunRow[]) => void;
}

/** The runs chosen to be compared, kept while the list is filtered and scrolled; the older one is the left side. */
export function ChosenRuns({ chosen, onChosen }: ChosenRunsProps) {
  const { t, f } = useText();
  const [left, right] = chosen.toSorted((a, b) => a.requestedAt - b.requestedAt);
  if (left === undefined) return null;
  return (
    <section aria-label={t(words.chosenRuns)} className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-raised px-5 py-1.5">
      {[left, ...(right === undefined ? [] : [right])].map((row) => (
        <span key={row.id} className="inline-flex h-7 items-center gap-2 rounded-md border border-line bg-surface pr-0.5 pl-2 text-sm">
          <StatusDot status={row.status} />
          <span className="max-w-60 truncate">{row.workflowName}</span>
          <span className="text-ink-3">{f.dateTime(row.requestedAt)}</span>
          <button type="button" aria-label={`${t(words.deselect)}: ${row.workflowName}, ${f.dateTime(row.requestedAt)}`} onClick={() => onChosen(chooseRun(chosen, row))} className="grid size-5.5 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink">
            <X className="size-3.5" />
          </button>
        </span>
      ))}
      {right === undefined ? <span className="text-sm text-ink-2">{t(words.chooseOneMore)}</span> : null}
      <span className="ml-auto flex gap-2">
        <Button variant="ghost" onClick={() => onChosen([])}>
          {t(common.clear)}
        </Button>
        <Button variant="primary" icon={<GitCompareArrows />} disabled={right === undefined} onClick={() => (right === undefined ? undefined : go({ place: 'compare', left: left.id, right: right.id }))}>
          {t(words.compare)}
        </Button>
      </span>
    </section>
  );
}
