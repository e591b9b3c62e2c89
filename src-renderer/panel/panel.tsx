import { ChevronDown, Terminal } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useDocument, useLive, useProblems, useSession, useView } from '../editor/session.ts';
import { reveal } from '../editor/edit-actions.ts';
import { useText } from '../i18n/use-text.ts';
import { Console } from '../runs/console.tsx';
import { Timeline } from '../runs/timeline.tsx';
import { specOf } from '../stores/edit/ports.ts';
import { isActive } from '../stores/live.ts';
import { EmptyState, IconButton, Tabs } from '../ui/index.ts';
import { DataTab } from './data-tab.tsx';
import { ProblemsTab } from './problems-tab.tsx';
import { words } from './words.ts';

function TimelineTab() {
  const { t } = useText();
  const session = useSession();
  const run = useLive((state) => state.run);
  const active = useLive(isActive);
  const selected = useView((state) => (state.selection.nodes.size === 1 ? ([...state.selection.nodes][0] ?? null) : null));
  const [now, setNow] = useState(() => session.now());
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => setNow(session.now()), 250);
    return () => clearInterval(timer);
  }, [active, session]);
  if (run === null) {
    return (
      <EmptyState icon={<Terminal />} title={t(words.noRun)}>
        {t(words.noRunText)}
      </EmptyState>
    );
  }
  return <Timeline run={run} now={now} selected={selected} onSelect={(node) => reveal(session, node)} />;
}

function ConsoleTab() {
  const { pick } = useText();
  const session = useSession();
  const lines = useLive((state) => state.console);
  const nodes = useDocument((state) => state.workflow.nodes);
  const nameOf = (id: string): string => {
    const node = nodes.find((one) => one.id === id);
    const spec = node === undefined ? null : specOf(session.specs, node);
    return node?.label ?? (spec === null ? id : pick(spec.label));
  };
  return <Console lines={lines} nameOf={nameOf} />;
}

const mark = (count: number, bad: boolean) => (count === 0 ? null : <span className={bad ? 'rounded-full bg-failed-soft px-1.5 text-2xs font-semibold text-failed' : 'rounded-full bg-hover px-1.5 text-2xs text-ink-2'}>{count}</span>);

/** Data, Timeline, Console, Problems: below the canvas. */
export function Panel() {
  const { t } = useText();
  const session = useSession();
  const tab = useView((state) => state.panel.tab);
  const errors = useProblems((state) => state.all.length);
  const lines = useLive((state) => state.console.length);
  return (
    <section aria-label={t(words.panel)} className="flex min-h-0 flex-1 flex-col bg-surface">
      <Tabs
        label={t(words.panel)}
        value={tab}
        onValue={(next) => session.view.setState((state) => ({ panel: { ...state.panel, tab: next } }))}
        actions={<IconButton size="sm" label={t(words.collapse)} icon={<ChevronDown />} onClick={() => session.view.setState((state) => ({ panel: { ...state.panel, open: false } }))} />}
        tabs={[
          { value: 'data', label: t(words.data), content: tab === 'data' ? <DataTab /> : null },
          { value: 'timeline', label: t(words.timeline), content: tab === 'timeline' ? <TimelineTab /> : null },
          { value: 'console', label: t(words.console), badge: mark(lines, false), content: tab === 'console' ? <ConsoleTab /> : null },
          { value: 'problems', label: t(words.problems), badge: mark(errors, true), content: tab === 'problems' ? <ProblemsTab /> : null },
        ]}
      />
    </section>
  );
}
