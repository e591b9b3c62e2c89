import { useMemo, useState } from 'react';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { Failure } from '../app/error-boundary.tsx';
import { useNodeSpecs } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { RunGraph } from '../canvas/run-graph.tsx';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Split } from '../ui/split.tsx';
import { stateAfter } from './history.ts';
import { attemptAt } from './landmarks.ts';
import { NodeFacts } from './node-facts.tsx';
import { RunMenu } from './run-buttons.tsx';
import { RunFactsAside } from './run-facts-aside.tsx';
import { RunHeader } from './run-header.tsx';
import { isOpened } from './moment.ts';
import { RunPanels } from './run-panels.tsx';
import { nodeNames, workflowOf } from './run-workflow.ts';
import { Scrubber } from './scrubber.tsx';
import { StandingStill } from './standing-still.tsx';
import { runsText } from './text.ts';
import { useMoment } from './use-moment.ts';
import { useNow } from './use-now.ts';
import { isGoing, useWatchedRun } from './use-watched-run.ts';

/** Does it wait for an answer, or to be resumed? */
const isStill = (run: Run): boolean => run.status === 'paused' || run.status === 'interrupted';

/** One run: live while it goes on, and at any moment of its past. `version`: the moment that the address names. */
export function RunPlace({ runId, version }: { readonly runId: string; readonly version: number | undefined }) {
  const { t, pick } = useText();
  const watched = useWatchedRun(runId);
  const specs = useNodeSpecs();
  const [at, setAt] = useMoment(runId, version);
  // Until the person chooses a node, it is the one that failed.
  const [chosen, setSelected] = useState<string | null | undefined>(undefined);
  const { history } = watched;
  const latest = history.latest;
  const going = isGoing(watched);
  const clock = useNow(250, going);
  const run = useMemo(() => (at === null ? latest : stateAfter(history, at)), [history, latest, at]);
  const selected = chosen === undefined ? (latest?.failedNode ?? null) : chosen;
  const names = useMemo(() => (latest === null ? new Map() : nodeNames(latest, specs.data, pick)), [latest, specs.data, pick]);
  const specList = useMemo(() => [...(specs.data?.values() ?? [])], [specs.data]);

  if (watched.error !== null) {
    return (
      <Failure title={t(runsText.notFound)} thrown={watched.error}>
        <Button variant="primary" onClick={() => go({ place: 'runs' })}>
          {t(runsText.back)}
        </Button>
      </Failure>
    );
  }
  if (latest === null || run === null) {
    return (
      <div role="status" className="grid flex-1 place-items-center bg-surface text-ink-3">
        <Spinner className="size-5" />
      </div>
    );
  }
  const workflow = workflowOf(run);
  const moment = at === null ? (isTerminal(latest.status) ? (latest.endedAt ?? clock) : clock) : (history.events[Math.min(at, history.events.length) - 1]?.at ?? clock);
  const live = at === null && going;
  const node = selected === null ? undefined : run.nodes[selected];
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <RunHeader run={run} latest={latest} now={moment} live={live ? { nodes: watched.progress, fractions: watched.fractions } : null} events={history.events} selected={selected} names={names} />
      <StandingStill run={run} latest={latest} names={names} readOnly={isOpened(runId)} />
      <Scrubber runId={runId} history={history} at={at} onAt={setAt} going={going && !isStill(latest)} selected={selected} />
      <Split
        side="bottom"
        name="run"
        label={t(runsText.resize)}
        initial={Math.min(340, Math.round(window.innerHeight * 0.38))}
        min={140}
        max={900}
        pane={<RunPanels run={run} latest={latest} now={moment} watched={watched} at={at} onAt={setAt} names={names} selected={selected} onSelect={setSelected} />}
      >
        <div className="flex min-h-0 flex-1">
          <RunMenu latest={latest} version={run.version} selected={selected} names={names} onSelect={setSelected}>
            {workflow === null || specs.data === undefined ? null : (
              <RunGraph workflow={workflow} specs={specList} run={run} selected={selected} onSelect={setSelected} {...(live ? { progress: Object.fromEntries(watched.progress), fractions: watched.fractions } : {})} />
            )}
          </RunMenu>
          {node === undefined ? (
            <RunFactsAside run={run} names={names} />
          ) : (
            <NodeFacts run={run} latest={latest} node={node} name={names.get(node.id)?.label ?? node.id} now={moment} onClose={() => setSelected(null)} onAttempt={(attempt) => setAt(attemptAt(history.events, node.id, attempt))} />
          )}
        </div>
      </Split>
    </div>
  );
}
