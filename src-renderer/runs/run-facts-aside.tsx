import type { Run } from '#shared/run/run';
import { useText } from '../i18n/use-text.ts';
import { Fact, Facts, FactsAside } from './facts-aside.tsx';
import type { NodeName } from './run-workflow.ts';
import { isOpened } from './moment.ts';
import { runsText } from './text.ts';
import { TriggerFacts } from './trigger-facts.tsx';
import { words } from './words.ts';

/** What a run was asked for: who, when, how much of which workflow. Shown while no node is chosen. */
export function RunFactsAside({ run, names }: { readonly run: Run; readonly names: ReadonlyMap<string, NodeName> }) {
  const { t, f } = useText();
  const nameOf = (node: string): string => names.get(node)?.label ?? node;
  const scope = run.scope.kind === 'all' ? t(runsText.scopeAll) : t(run.scope.kind === 'to' ? runsText.scopeTo : runsText.scopeFrom, nameOf(run.scope.node));
  return (
    <FactsAside label={t(words.runFacts)} title={t(words.runFacts)}>
      <Facts>
        <TriggerFacts trigger={run.trigger} />
        <Fact name={t(runsText.requested)}>{f.dateTime(run.requestedAt)}</Fact>
        {run.startedAt === null ? null : <Fact name={t(runsText.started)}>{f.dateTime(run.startedAt)}</Fact>}
        {run.endedAt === null ? null : <Fact name={t(words.ended)}>{f.dateTime(run.endedAt)}</Fact>}
        <Fact name={t(runsText.scope)}>{scope}</Fact>
        {run.priority === 0 ? null : <Fact name={t(words.priority)}>{f.number(run.priority)}</Fact>}
        {run.file === null ? null : <Fact name={t(words.file)}>{run.file}</Fact>}
        <Fact name={t(runsText.revision)}>
          <span className="font-mono text-xs" title={run.revision}>
            {run.revision.slice(0, 12)}
          </span>
        </Fact>
        <Fact name={t(words.id)}>
          <span className="font-mono text-xs" title={run.id}>
            {isOpened(run.id) ? `${run.id.slice(0, 'opened-'.length + 12)}…` : run.id}
          </span>
        </Fact>
      </Facts>
      <p className="text-xs text-ink-3">{t(words.pickNodeFacts)}</p>
    </FactsAside>
  );
}
