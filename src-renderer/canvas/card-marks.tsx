import { Archive, Pin } from 'lucide-react';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { useText } from '../i18n/use-text.ts';
import { pinnedRows } from '../stores/edit/pin.ts';
import { words } from './words.ts';

/** What of a node's settings changes what a run does with it: pinned rows, a kept output. On the card's upper edge. */
export function CardMarks({ node }: { readonly node: WorkflowNode }) {
  const { t } = useText();
  const pinned = pinnedRows(node);
  const kept = node.checkpoint === true;
  if (pinned === null && !kept) return null;
  const [pinText, keptText] = [pinned === null ? null : t(words.pinned, pinned), kept ? t(words.kept) : null];
  const said = [pinText, keptText].filter(Boolean).join(' ');
  return (
    <span role="img" aria-label={said} title={said} className="absolute -top-2 left-2 flex h-4.5 items-center gap-1 rounded-full border border-accent/40 bg-accent-soft px-1.5 text-accent-text [&_svg]:size-2.75">
      {pinText === null ? null : <Pin />}
      {keptText === null ? null : <Archive />}
    </span>
  );
}
