import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight, Replace } from 'lucide-react';
import { useMemo, useState } from 'react';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import type { StudioEvent } from '#shared/events';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { keys, useNodeSpecs } from '../app/queries.ts';
import { go, nameMoment } from '../app/router.ts';
import { client } from '../client/client.ts';
import { useText } from '../i18n/use-text.ts';
import { nodeNames } from '../runs/run-workflow.ts';
import { runsText } from '../runs/text.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Split } from '../ui/split.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Crumbs } from './crumbs.tsx';
import { CompareEvents } from './compare-events.tsx';
import { CompareNodes } from './compare-nodes.tsx';
import { CompareRows } from './compare-rows.tsx';
import { CompareSummary } from './compare-summary.tsx';
import { RunPicker } from './run-picker.tsx';
import { compareText } from './text.ts';

interface ComparePlaceProps {
  readonly left: string;
  /** Left out while it is still to be chosen. */
  readonly right: string | undefined;
  readonly node: string | undefined;
}

/** Two runs side by side: what they were, their nodes, their events, and the rows that they do not share. */
export function ComparePlace({ left, right, node }: ComparePlaceProps) {
  const one = useWholeRun(left);
  const other = useWholeRun(right ?? null);
  const { t } = useText();
  const error = one.error ?? other.error;
  if (error !== null) {
    return (
      <Failure title={t(compareText.notFound)} thrown={error}>
        <Button variant="primary" onClick={() => go({ place: 'runs' })}>
          {t(runsText.back)}
        </Button>
      </Failure>
    );
  }
  if (one.data !== undefined && right === undefined) return <RunPicker left={one.data.run} />;
  if (one.data === undefined || other.data === undefined) {
    return (
      <div role="status" className="grid flex-1 place-items-center bg-surface text-ink-3">
        <Spinner className="size-5" />
      </div>
    );
  }
  return <Compared key={`${left} ${right}`} left={one.data} right={other.data} node={node} />;
}

interface WholeRun {
  readonly run: Run;
  readonly events: readonly StudioEvent[];
}
const GOING_MS = 1000;

/** A run and all its events; asked for again and again while it goes on. */
const useWholeRun = (runId: string | null) =>
  useQuery({
    queryKey: [...keys.run(runId ?? ''), 'whole'],
    queryFn: async (): Promise<WholeRun | null> => {
      if (runId === null) return null;
      const [run, events] = await Promise.all([client.runs.get({ runId }), client.runs.events({ runId })]);
      return { run, events };
    },
    select: (found) => found ?? undefined,
    refetchInterval: ({ state }) => (state.data === undefined || state.data === null || isTerminal(state.data.run.status) ? false : GOING_MS),
  });

type Panel = 'rows' | 'events';

function Compared({ left, right, node }: { readonly left: WholeRun; readonly right: WholeRun; readonly node: string | undefined }) {
  const { t, pick } = useText();
  const specs = useNodeSpecs();
  const [panel, setPanel] = useState<Panel>('rows');
  const [selected, setSelected] = useState<string | null>(node ?? null);
  // Where both know a node, it is called as it is now.
  const names = useMemo(() => new Map([...nodeNames(left.run, specs.data, pick), ...nodeNames(right.run, specs.data, pick)]), [left.run, right.run, specs.data, pick]);
  const select = (id: string): void => {
    setSelected(id);
    setPanel('rows');
    nameMoment({ place: 'compare', left: left.run.id, right: right.run.id, node: id });
  };
  return (
    <PlaceFrame
      title={<Crumbs title={t(compareText.title)} />}
      actions={
        <>
          <Button icon={<Replace />} onClick={() => go({ place: 'compare', left: left.run.id })}>
            {t(compareText.chooseOther)}
          </Button>
          <Button icon={<ArrowLeftRight />} onClick={() => go({ place: 'compare', left: right.run.id, right: left.run.id, ...(selected === null ? {} : { node: selected }) })}>
            {t(compareText.swap)}
          </Button>
        </>
      }
    >
      <Split
        side="bottom"
        name="compare"
        label={t(runsText.resize)}
        initial={340}
        min={140}
        max={900}
        pane={
          <Tabs
            label={t(compareText.details)}
            value={panel}
            onValue={setPanel}
            tabs={[
              { value: 'rows', label: t(compareText.rows), content: panel === 'rows' ? <CompareRows left={left.run} right={right.run} node={selected} names={names} /> : null },
              { value: 'events', label: t(compareText.events), content: panel === 'events' ? <CompareEvents left={left.events} right={right.events} names={names} /> : null },
            ]}
          />
        }
      >
        <div className="min-h-0 flex-1 overflow-auto">
          <CompareSummary left={left.run} right={right.run} leftEvents={left.events} rightEvents={right.events} names={names} specs={specs.data} />
          <CompareNodes left={left.run} right={right.run} names={names} selected={selected} onSelect={select} />
        </div>
      </Split>
    </PlaceFrame>
  );
}
