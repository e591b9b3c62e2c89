import { useCallback } from 'react';
import { nodeKey } from '#shared/node-spec';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { words as canvasWords } from '../canvas/words.ts';
import { useText } from '../i18n/use-text.ts';
import { between, fitting } from '../stores/edit/insert.ts';
import { cx, kindStyles } from '../ui/index.ts';
import { Chooser } from './chooser.tsx';
import { add, reveal } from './edit-actions.ts';
import { searchSpecs } from './search.ts';
import { useDocument, useSession, useView } from './session.ts';
import { words } from './words.ts';

/** Adds a node where it was asked for; only types that fit the dragged end or the edge are offered. */
export function QuickAdd() {
  const { t, pick } = useText();
  const session = useSession();
  const asked = useView((state) => state.quickAdd);
  const close = useCallback(() => session.view.setState({ quickAdd: null }), [session]);
  if (asked === null) return null;
  const offered = asked.edge !== null ? between(session.specList) : asked.end === null ? session.specList : fitting(session.specList, asked.end);
  return (
    <Chooser
      at={asked.screen}
      label={t(words.quickAdd)}
      empty={t(words.noNode)}
      find={(query) => searchSpecs(offered, query)}
      idOf={nodeKey}
      onClose={close}
      onChoose={(spec) => {
        close();
        add(session, spec, { at: asked.at, end: asked.end, edge: asked.edge });
      }}
      renderRow={(spec) => (
        <>
          <span className={cx('grid size-6 shrink-0 place-items-center rounded-md', kindStyles[spec.type].soft, kindStyles[spec.type].text)}>
            <NodeIcon name={spec.icon} className="size-3.5" />
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate">{pick(spec.label)}</span>
            <span className="block truncate text-2xs text-ink-3">{pick(spec.summary)}</span>
          </span>
        </>
      )}
    />
  );
}

/** Finds a node by its name, id or type, and leads to it. */
export function FindNode() {
  const { t, pick } = useText();
  const session = useSession();
  const finding = useView((state) => state.finding);
  const nodes = useDocument((state) => state.workflow.nodes);
  const close = useCallback(() => session.view.setState({ finding: false }), [session]);
  if (!finding) return null;
  const pane = window.document.querySelector('.react-flow')?.getBoundingClientRect();
  const nameOf = (node: (typeof nodes)[number]): string => {
    const spec = session.specs.get(nodeKey(node));
    return node.label ?? (spec === undefined ? node.nodeType : pick(spec.label));
  };
  return (
    <Chooser
      at={{ x: (pane?.right ?? 600) - 316, y: (pane?.y ?? 100) + 12 }}
      label={t(canvasWords.findNode)}
      empty={t(canvasWords.noMatch)}
      find={(query) => nodes.filter((node) => `${nameOf(node)} ${node.id} ${node.nodeType} ${node.note ?? ''}`.toLowerCase().includes(query.trim().toLowerCase()))}
      idOf={(node) => node.id}
      onClose={close}
      onWalk={(node) => reveal(session, node.id)}
      onChoose={(node) => {
        close();
        reveal(session, node.id);
      }}
      renderRow={(node) => (
        <>
          <span className={cx('grid size-6 shrink-0 place-items-center rounded-md', kindStyles[node.type].soft, kindStyles[node.type].text)}>
            <NodeIcon name={session.specs.get(nodeKey(node))?.icon ?? ''} className="size-3.5" />
          </span>
          <span className="min-w-0 flex-1 truncate">{nameOf(node)}</span>
          <span className="shrink-0 font-mono text-2xs text-ink-3">{node.id}</span>
        </>
      )}
    />
  );
}
