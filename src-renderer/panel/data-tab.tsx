import { useQuery } from '@tanstack/react-query';
import { MousePointerClick, Pin, PinOff, RefreshCw, Table2 } from 'lucide-react';
import { useState } from 'react';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { NodeId, RunId } from '#shared/ids';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { pinNode, unpinNode } from '../editor/node-actions.ts';
import type { RowsFrom } from '../editor/node-actions.ts';
import { useDocument, useLive, useSession, useView } from '../editor/session.ts';
import { useSettled } from '../editor/use-columns.ts';
import { useText } from '../i18n/use-text.ts';
import { DataTable } from '../runs/data-table.tsx';
import { ERROR_PORT, outputsOf, sourcePortOf, specOf } from '../stores/edit/ports.ts';
import { Button, EmptyState, IconButton, Segments, Spinner, Tooltip } from '../ui/index.ts';
import { NodeFailure } from './node-failure.tsx';
import { words } from './words.ts';

/** Pins a node to the rows that are looked at, or lets it run again. */
function PinButton({ node, from, partial }: { readonly node: WorkflowNode; readonly from: RowsFrom; readonly partial: boolean }) {
  const { t } = useText();
  const session = useSession();
  const [busy, setBusy] = useState(false);
  if (node.pin !== undefined) {
    return (
      <Button size="sm" variant="ghost" icon={<PinOff />} onClick={() => unpinNode(session, node.id)}>
        {t(words.unpin)}
      </Button>
    );
  }
  const pin = (): void => {
    setBusy(true);
    void pinNode(session, node, from).finally(() => setBusy(false));
  };
  return (
    <Tooltip text={t(partial ? words.pinHelpPart : words.pinHelp)} side="top">
      <Button size="sm" variant="ghost" icon={<Pin />} busy={busy} onClick={pin}>
        {t(words.pin)}
      </Button>
    </Tooltip>
  );
}

/** The rows of the node or edge that was clicked: a fresh preview, or the sample its last run here left. */
export function DataTab() {
  const { t, pick } = useText();
  const session = useSession();
  const target = useView((state) => state.data);
  const chosenNode = useDocument((state) => (target === null ? undefined : state.workflow.nodes.find((one) => one.id === target.node)));
  // A node without outputs of its own shows what comes into it, unless its failures are asked for.
  const ends = chosenNode !== undefined && target?.port !== ERROR_PORT && outputsOf(session.specs, chosenNode).every((one) => one.name === ERROR_PORT);
  const into = useDocument((state) => (ends ? state.workflow.edges.find((edge) => edge.target === chosenNode.id) : undefined));
  const node = useDocument((state) => (into === undefined ? chosenNode : state.workflow.nodes.find((one) => one.id === into.source)));
  const ports = node === undefined ? [] : outputsOf(session.specs, node);
  const wanted = into === undefined || node === undefined ? target?.port : sourcePortOf(into, specOf(session.specs, node));
  const port = ports.find((one) => one.name === wanted)?.name ?? ports[0]?.name ?? '';
  const failure = useLive((state) => (chosenNode === undefined ? null : (state.run?.nodes[chosenNode.id]?.error ?? null)));
  const runId = useLive((state) => state.runId);
  const sampled = useLive((state) => node !== undefined && state.samples.has(`${node.id}:${port}`));
  const [chosen, setChosen] = useState<{ readonly run: string | null; readonly want: 'preview' | 'run' } | null>(null);
  const nameOf = (one: WorkflowNode): string => {
    const spec = specOf(session.specs, one);
    return one.label ?? (spec === null ? one.nodeType : pick(spec.label));
  };
  const workflow = useSettled(500);
  // After a run its sample is shown until something else is chosen, for that run.
  const shown = !sampled ? 'preview' : chosen?.run === runId ? chosen.want : 'run';
  const there = node !== undefined && port !== '' && workflow.nodes.some((one) => one.id === node.id);
  const preview = useQuery({
    queryKey: ['preview', session.id, workflow, node?.id, port],
    queryFn: ({ signal }) => session.client.workflows.preview({ workflow, node: NodeId.parse(node?.id ?? ''), port, limit: 1000 }, { signal }),
    enabled: there && shown === 'preview',
    placeholderData: (before, query) => (query?.queryKey[3] === node?.id && query?.queryKey[4] === port ? before : undefined),
    retry: false,
  });
  const sample = useQuery({
    queryKey: ['sample', runId, node?.id, port],
    queryFn: () => session.client.runs.sample({ runId: RunId.parse(runId ?? ''), node: NodeId.parse(node?.id ?? ''), port }),
    enabled: there && shown === 'run' && runId !== null,
    staleTime: Infinity,
  });
  if (node === undefined || chosenNode === undefined) {
    return (
      <EmptyState icon={<MousePointerClick />} title={t(words.pickNode)}>
        {t(words.pickNodeText)}
      </EmptyState>
    );
  }
  if (failure !== null && target?.port !== ERROR_PORT) return <NodeFailure name={nameOf(chosenNode)} error={failure} />;
  if (ports.length === 0) {
    return (
      <EmptyState icon={<Table2 />} title={t(words.noOutput)}>
        {t(words.noOutputText)}
      </EmptyState>
    );
  }
  const pinned = shown === 'preview' && node.pin !== undefined;
  const data = shown === 'run' ? (sample.data ?? undefined) : preview.data?.sample;
  const error = shown === 'run' ? sample.error : preview.error;
  const fetching = shown === 'run' ? sample.isFetching : preview.isFetching;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line px-3 text-xs text-ink-2">
        <span className="truncate text-sm font-medium text-ink">{nameOf(node)}</span>
        {into === undefined ? null : <span className="truncate">→ {nameOf(chosenNode)}</span>}
        {ports.length < 2 || into !== undefined ? null : (
          <Segments label={t(words.port)} value={port} onValue={(next) => session.view.setState({ data: { node: node.id, port: next } })} options={ports.map((one) => ({ value: one.name, label: pick(one.label) }))} />
        )}
        {data === undefined ? null : (
          <span className="truncate">
            {t(shown === 'run' ? words.fromRun : pinned ? words.fromPin : words.fromPreview, data.rows.length)}
            {data.partial || pinned ? '' : ` (${t(words.allRows)})`}
          </span>
        )}
        {fetching ? <Spinner className="size-3.5 text-ink-3" /> : null}
        <span className="ml-auto flex items-center gap-2">
          {sampled ? (
            <Segments
              label={t(words.source)}
              value={shown}
              onValue={(want) => setChosen({ run: runId, want })}
              options={[
                { value: 'preview', label: t(node.pin === undefined ? words.preview : words.pinned) },
                { value: 'run', label: t(words.lastRun) },
              ]}
            />
          ) : null}
          {data === undefined ? null : <PinButton node={node} from={shown === 'run' && runId !== null ? { kind: 'run', run: runId } : { kind: 'preview' }} partial={data.partial} />}
          <IconButton size="sm" label={t(words.refresh)} icon={<RefreshCw />} onClick={() => void (shown === 'run' ? sample.refetch() : preview.refetch())} />
        </span>
      </div>
      {error !== null && data === undefined ? (
        <EmptyState icon={<Table2 />} title={t(words.cantPreview)}>
          <span className="selectable">{errorSentence(toErrorInfo(error))}</span>
        </EmptyState>
      ) : data === undefined ? (
        <div className="grid flex-1 place-items-center text-ink-3">{fetching ? <Spinner className="size-5" /> : null}</div>
      ) : (
        <DataTable sample={data} profile={shown === 'preview' ? preview.data?.profile : undefined} />
      )}
    </div>
  );
}
