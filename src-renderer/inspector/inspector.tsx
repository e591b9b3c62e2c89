import { CircleQuestionMark, Pin, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { unpinNode } from '../editor/node-actions.ts';
import { start } from '../editor/run-actions.ts';
import { alignSelected } from '../editor/edit-actions.ts';
import { change, useDocument, useProblems, useSession, useView } from '../editor/session.ts';
import { alignText, words as editorWords } from '../editor/words.ts';
import { useText } from '../i18n/use-text.ts';
import { ALIGNMENTS } from '../stores/edit/arrange.ts';
import { patchNode } from '../stores/edit/change.ts';
import { pinnedRows } from '../stores/edit/pin.ts';
import { specOf } from '../stores/edit/ports.ts';
import { useFork } from '../stores/fork.ts';
import { showPanel } from '../stores/view.ts';
import { Button, cx, EmptyState, IconButton, kindStyles, Tabs } from '../ui/index.ts';
import { NodeForm } from './node-form.tsx';
import { NodeSettings } from './node-settings.tsx';
import { settingsControl } from './settings-field.ts';
import { WorkflowForm } from './workflow-form.tsx';
import { words } from './words.ts';

/** Says that a node does not run, because its rows are pinned, and how to change that. */
function PinBar({ node, rows }: { readonly node: WorkflowNode; readonly rows: number }) {
  const { t } = useText();
  const session = useSession();
  return (
    <div className="mx-4 mt-1 mb-2 rounded-lg bg-accent-soft px-3 py-2 text-sm">
      <p className="flex gap-2">
        <Pin className="mt-0.5 size-3.5 shrink-0 text-accent-text" aria-hidden="true" />
        <span>{t(words.pinned, rows)}</span>
      </p>
      <div className="mt-1.5 flex gap-1 pl-5.5">
        <Button size="sm" onClick={() => unpinNode(session, node.id)}>
          {t(words.unpin)}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => showPanel(session.view, 'data')}>
          {t(words.pinnedShow)}
        </Button>
      </div>
    </div>
  );
}

function NodeInspector({ node }: { readonly node: WorkflowNode }) {
  const { t, pick } = useText();
  const session = useSession();
  const [tab, setTab] = useState<'config' | 'settings'>('config');
  const errors = useProblems((state) => state.byNode.get(node.id)?.length ?? 0);
  const forking = useFork(session.id) !== null;
  const pinned = pinnedRows(node);
  const spec = specOf(session.specs, node);
  const focus = useView((state) => (state.focus?.node === node.id ? state.focus : null));
  const control = focus?.field == null ? null : settingsControl(spec, focus.field);
  const [led, setLed] = useState<typeof focus>(null);
  if (focus !== led) {
    setLed(focus);
    if (focus !== null) setTab(control === null ? 'config' : 'settings');
  }
  useEffect(() => {
    if (control === null) return;
    window.document.getElementById(control)?.focus();
    session.view.setState({ focus: null });
  }, [control, session]);
  const kind = kindStyles[node.type];
  const name = spec === null ? node.nodeType : pick(spec.label);
  return (
    <>
      <header className="flex items-center gap-2.5 px-4 pt-3 pb-1.5">
        <span className={cx('grid size-8 shrink-0 place-items-center rounded-md', kind.soft, kind.text)}>
          <NodeIcon name={spec?.icon ?? ''} className="size-4.25" />
        </span>
        <div className="min-w-0 flex-1">
          <input
            aria-label={t(words.name)}
            className="-mx-1.5 h-6 w-full rounded-md border border-transparent bg-transparent px-1.5 text-md font-semibold outline-none placeholder:text-ink hover:border-line-strong focus:border-focus"
            placeholder={name}
            value={node.label ?? ''}
            onChange={(event) => change(session, 'rename', (workflow) => patchNode(workflow, node.id, { label: event.target.value === '' ? undefined : event.target.value }), `${node.id}/label`)}
          />
          <p className="truncate text-xs text-ink-3">{node.label === undefined ? node.nodeType : `${name} · ${node.nodeType}`}</p>
        </div>
        <IconButton label={t(words.runsHere)} icon={<Play />} disabled={forking} onClick={() => void start(session, { kind: 'to', node: node.id })} />
      </header>
      {pinned === null ? null : <PinBar node={node} rows={pinned} />}
      <Tabs
        label={name}
        value={tab}
        onValue={setTab}
        tabs={[
          {
            value: 'config',
            label: t(words.config),
            badge: errors === 0 ? null : <span className="rounded-full bg-failed-soft px-1.5 text-2xs font-semibold text-failed">{errors}</span>,
            content: (
              <div className="min-h-0 flex-1 overflow-y-auto">
                {spec === null ? (
                  <EmptyState icon={<CircleQuestionMark />} title={t(words.unknown)}>
                    {t(words.unknownText)}
                  </EmptyState>
                ) : (
                  <NodeForm node={node} spec={spec} />
                )}
              </div>
            ),
          },
          {
            value: 'settings',
            label: t(words.settings),
            content: (
              <div className="min-h-0 flex-1 overflow-y-auto">
                <NodeSettings node={node} />
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

function Several({ count }: { readonly count: number }) {
  const { t, pick } = useText();
  const session = useSession();
  return (
    <div className="flex flex-col gap-3 px-4 py-3.5">
      <h2 className="text-md font-semibold">{t(editorWords.selection, count)}</h2>
      <p className="text-xs font-medium text-ink-2">{t(words.arrange)}</p>
      <div className="grid grid-cols-2 gap-1.5">
        {ALIGNMENTS.map((how) => (
          <Button key={how} size="sm" onClick={() => alignSelected(session, how)}>
            {pick(alignText[how])}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** What is selected, as a form; the workflow itself where nothing is. */
export function Inspector() {
  const { t } = useText();
  const selection = useView((state) => state.selection);
  const only = selection.nodes.size === 1 ? [...selection.nodes][0] : undefined;
  const node = useDocument((state) => (only === undefined ? undefined : state.workflow.nodes.find((one) => one.id === only)));
  return (
    <aside aria-label={t(editorWords.showInspector)} className="flex min-h-0 flex-1 flex-col bg-surface">
      {node === undefined ? selection.nodes.size > 1 ? <Several count={selection.nodes.size} /> : <WorkflowForm /> : <NodeInspector key={node.id} node={node} />}
    </aside>
  );
}
