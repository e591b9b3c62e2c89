import { useMemo, useState } from 'react';
import type { Run } from '#shared/run/run';
import { useText } from '../i18n/use-text.ts';
import { Tabs } from '../ui/tabs.tsx';
import { Console } from './console.tsx';
import { EventsList } from './events-list.tsx';
import { linesAt } from './moment.ts';
import { RunData } from './run-data.tsx';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';
import { Timeline } from './timeline.tsx';
import type { WatchedRun } from './use-watched-run.ts';
import { words } from './words.ts';

interface RunPanelsProps {
  readonly run: Run;
  readonly latest: Run;
  readonly now: number;
  readonly watched: WatchedRun;
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
  readonly names: ReadonlyMap<string, NodeName>;
  readonly selected: string | null;
  readonly onSelect: (node: string) => void;
}

type Panel = 'timeline' | 'events' | 'console' | 'data';

/** Below a run's graph: its timeline, events, console and data. */
export function RunPanels({ run, latest, now, watched, at, onAt, names, selected, onSelect }: RunPanelsProps) {
  const { t, f } = useText();
  const [panel, setPanel] = useState<Panel>('timeline');
  // A live run's lines are all shown: some may be ahead of the events that came with them.
  const lines = useMemo(() => linesAt(watched.lines, at === null ? null : run.version), [watched.lines, at, run.version]);
  const count = (value: number) => (value === 0 ? null : <span className="text-xs font-normal text-ink-3">{f.number(value)}</span>);
  return (
    <Tabs
      label={t(runsText.panels)}
      value={panel}
      onValue={setPanel}
      tabs={[
        { value: 'timeline', label: t(runsText.timeline), content: <Timeline run={run} now={now} selected={selected} onSelect={onSelect} /> },
        { value: 'events', label: t(runsText.events), badge: count(watched.history.events.length), content: <EventsList events={watched.history.events} at={at} onAt={onAt} names={names} /> },
        { value: 'console', label: t(runsText.console), badge: count(lines.length), content: <Console lines={lines} nameOf={(node) => names.get(node)?.label ?? node} {...(at === null || watched.lines.length === 0 ? {} : { none: t(words.noConsoleYet) })} /> },
        { value: 'data', label: t(runsText.data), content: <RunData run={run} latest={latest} past={at !== null} names={names} selected={selected} onSelect={onSelect} samples={watched.samples} settled={watched.settled} /> },
      ]}
    />
  );
}
