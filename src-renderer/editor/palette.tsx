import { ChevronRight } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { nodeKey, NODE_KINDS } from '#shared/node-spec';
import type { NodeKind, NodeSpec } from '#shared/node-spec';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { common, nodeKindText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { cx, kindStyles, SearchInput } from '../ui/index.ts';
import { draggedSpec } from './dragged-spec.ts';
import { add } from './edit-actions.ts';
import { searchSpecs } from './search.ts';
import { useSession } from './session.ts';
import { words } from './words.ts';

/** Arrow keys walk the entries; typing goes on in the search. */
function walkEntries(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-entry]:enabled')];
  const at = entries.indexOf(event.target as HTMLElement);
  const next = event.key === 'ArrowDown' ? entries[at + 1] : entries[at - 1];
  event.preventDefault();
  event.stopPropagation();
  if (next !== undefined) next.focus();
  else if (event.key === 'ArrowUp') event.currentTarget.querySelector<HTMLElement>('input')?.focus();
}

function Entry({ spec }: { readonly spec: NodeSpec }) {
  const { pick } = useText();
  const session = useSession();
  const kind = kindStyles[spec.type];
  return (
    <button
      type="button"
      data-entry={nodeKey(spec)}
      draggable
      title={pick(spec.summary)}
      className="flex h-7.5 w-full items-center gap-2.5 rounded-md px-2 text-left text-sm text-ink hover:bg-hover active:bg-active"
      onClick={() => add(session, spec)}
      onDragStart={(event) => {
        draggedSpec.current = spec;
        event.dataTransfer.effectAllowed = 'copy';
        event.dataTransfer.setData('text/plain', nodeKey(spec));
      }}
      onDragEnd={() => (draggedSpec.current = null)}
    >
      <span className={cx('grid size-5.5 shrink-0 place-items-center rounded-md', kind.soft, kind.text)}>
        <NodeIcon name={spec.icon} className="size-3.5" />
      </span>
      <span className="truncate">{pick(spec.label)}</span>
    </button>
  );
}

const FOLDS = 'millrace:palette-folded';

/** The categories that this window has folded away. */
function keptFolds(): ReadonlySet<NodeKind> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(FOLDS) ?? '[]');
    return new Set(NODE_KINDS.filter((kind) => Array.isArray(kept) && kept.includes(kind)));
  } catch {
    return new Set();
  }
}

/** Every node type, by category; drag one out, or press it to add it behind the selected node. */
export function Palette() {
  const { t, pick } = useText();
  const { specList } = useSession();
  const [query, setQuery] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<NodeKind>>(keptFolds);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => searchSpecs(specList, query), [specList, query]);
  const fold = (kind: NodeKind): void => {
    const next = new Set(NODE_KINDS.filter((one) => (one === kind ? !folded.has(one) : folded.has(one))));
    setFolded(next);
    localStorage.setItem(FOLDS, JSON.stringify([...next]));
  };
  return (
    <aside aria-label={t(words.palette)} className="flex min-h-0 flex-1 flex-col bg-surface" onKeyDown={walkEntries}>
      <div className="px-2.5 pt-2.5 pb-1.5">
        <SearchInput
          value={query}
          onValue={setQuery}
          label={t(words.searchNodes)}
          clearLabel={t(common.clear)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') list.current?.querySelector<HTMLElement>('[data-entry]:enabled:not(h3 *)')?.click();
          }}
        />
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-3">
        {found.length === 0 ? <p className="px-2 py-4 text-sm text-ink-2">{t(words.noNode)}</p> : null}
        {NODE_KINDS.map((kind) => {
          const entries = found.filter((spec) => spec.type === kind);
          if (entries.length === 0) return null;
          // What is searched for is shown.
          const open = query.trim() !== '' || !folded.has(kind);
          return (
            <section key={kind} className="mt-2 first:mt-0.5">
              <h3>
                <button
                  type="button"
                  data-entry={kind}
                  aria-expanded={open}
                  disabled={query.trim() !== ''}
                  className="group flex h-6.5 w-full items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-3 enabled:hover:bg-hover enabled:hover:text-ink"
                  onClick={() => fold(kind)}
                >
                  <span className={cx('size-1.5 rounded-full', kindStyles[kind].solid)} />
                  {pick(nodeKindText[kind])}
                  {open ? null : <span className="text-2xs">{entries.length}</span>}
                  <ChevronRight className={cx('ml-auto size-3.5 transition-transform', open ? 'rotate-90 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100' : '')} />
                </button>
              </h3>
              {open ? entries.map((spec) => <Entry key={nodeKey(spec)} spec={spec} />) : null}
            </section>
          );
        })}
      </div>
    </aside>
  );
}
