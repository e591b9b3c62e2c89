import { StepForward, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorSentence } from '#shared/errors';
import { isTerminal, keptOutputs } from '#shared/run/run';
import type { Attempt, NodeRun, Run } from '#shared/run/run';
import { href } from '../app/router.ts';
import { common, nodeStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge, StatusDot } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { stateOf, stateStyles } from '../ui/state-style.ts';
import { toastError } from '../ui/toast.tsx';
import { Fact, Facts, FactsAside } from './facts-aside.tsx';
import { isOpened } from './moment.ts';
import { rerun } from './run-actions.ts';
import { linkClass } from './run-story.tsx';
import { runsText, skipText } from './text.ts';
import { effectText, outcomeText, words } from './words.ts';

const OUTCOME = { running: 'running', completed: 'completed', stopped: 'skipped', failed: 'failed', lost: 'lost' } as const;
const EFFECT = { intended: 'interrupted', confirmed: 'completed', dropped: 'skipped' } as const;

interface NodeFactsProps {
  readonly run: Run;
  readonly latest: Run;
  readonly node: NodeRun;
  readonly name: string;
  readonly now: number;
  readonly onClose: () => void;
  /** Goes to the moment that shows an attempt. */
  readonly onAttempt: (attempt: number) => void;
}

/** All that is known of a node in a run, at the moment that is looked at. */
export function NodeFacts({ run, latest, node, name, now, onClose, onAttempt }: NodeFactsProps) {
  const { t, f, pick } = useText();
  const repeatable = isTerminal(latest.status) && !isOpened(run.id);
  const ports = Object.entries(node.rowsOut);
  const due = node.status === 'retrying' && node.retryAt !== null ? Date.parse(node.retryAt) - now : null;
  const kept = keptOutputs(node);
  const written = node.outputs.filter((one) => one.path !== null);
  return (
    <FactsAside
      label={`${t(words.nodeFacts)}: ${name}`}
      title={name}
      marks={
        <>
          <Badge tone={stateOf(node.status)}>
            <StatusDot status={node.status} className="size-1.5" />
            {t(node.reusedFrom === null ? nodeStatusText[node.status] : words.reused)}
          </Badge>
          <IconButton size="sm" label={t(words.closeNode)} icon={<X />} onClick={onClose} />
        </>
      }
      {...(repeatable ? { footer: <RerunHere run={latest} node={node.id} /> } : {})}
    >
      {due === null ? null : <p className="text-interrupted">{due > 0 ? t(words.retryIn, Math.ceil(due / 1000) * 1000) : t(words.retryDue)}</p>}
      {node.skipped === null ? null : <p className="text-ink-2">{pick(skipText[node.skipped.kind])}</p>}
      {node.error === null ? null : <p className="[overflow-wrap:anywhere] text-failed">{errorSentence(node.error)}</p>}
      {node.diverted ? <p className="text-interrupted">{t(words.diverted)}</p> : null}
      {node.reusedFrom === null ? null : (
        <p className="text-ink-2">
          {t(words.reusedFrom)}{' '}
          <a href={href({ place: 'run', runId: node.reusedFrom })} className={linkClass}>
            {t(words.anotherRun)}
          </a>
        </p>
      )}
      <Facts>
        {node.rowsIn === 0 && node.status !== 'completed' ? null : <Fact name={t(runsText.rowsIn)}>{f.number(node.rowsIn)}</Fact>}
        {ports.map(([port, rows]) => (
          <Fact key={port} name={ports.length === 1 ? t(runsText.rowsOut) : `${t(runsText.rowsOut)} · ${port}`}>
            {f.number(rows)}
          </Fact>
        ))}
        {node.durationMs === null ? null : <Fact name={t(runsText.duration)}>{f.duration(node.durationMs)}</Fact>}
        {Object.entries(node.report).map(([label, value]) => (
          <Fact key={label} name={label}>
            {f.number(value)}
          </Fact>
        ))}
      </Facts>
      {node.reusedFrom !== null && node.attempts.length === 0 ? null : (
        <Section title={t(words.attempts)}>
          {node.attempts.length === 0 ? <li className="text-ink-3">{t(words.noAttempts)}</li> : null}
          {node.attempts.map((attempt) => (
            <AttemptLine key={attempt.attempt} attempt={attempt} now={now} onGo={() => onAttempt(attempt.attempt)} />
          ))}
        </Section>
      )}
      {node.effects.length === 0 ? null : (
        <Section title={t(words.effects)}>
          {node.effects.map((effect) => (
            <li key={effect.effect} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 [overflow-wrap:anywhere]">{effect.what}</span>
              <span className={`shrink-0 text-xs ${stateStyles[EFFECT[effect.state]].text}`}>{pick(effectText[effect.state])}</span>
            </li>
          ))}
        </Section>
      )}
      {kept.length === 0 ? null : (
        <Section title={t(words.keptOutputs)}>
          {kept.map((one) => (
            <li key={`${one.port} ${one.hash}`} className="flex justify-between gap-3" title={one.hash}>
              <span className="min-w-0 truncate">{one.port}</span>
              <span className="shrink-0 text-ink-2">
                {t(common.rows, one.rows)} · {f.bytes(one.bytes)}
              </span>
            </li>
          ))}
        </Section>
      )}
      {written.length === 0 ? null : (
        <Section title={t(words.written)}>
          {written.map((one) => (
            <li key={one.path}>
              <span className="block [overflow-wrap:anywhere]">{one.path}</span>
              <span className="text-xs text-ink-2">
                {t(common.rows, one.rows)}
                {one.bytes === null ? '' : ` · ${f.bytes(one.bytes)}`}
              </span>
            </li>
          ))}
        </Section>
      )}
    </FactsAside>
  );
}

function RerunHere({ run, node }: { readonly run: Run; readonly node: string }) {
  const { t } = useText();
  return (
    <>
      <Button icon={<StepForward />} aria-describedby="rerun-here" onClick={() => void rerun(run, node).catch((thrown: unknown) => toastError(thrown))}>
        {t(words.rerunHere)}
      </Button>
      <p id="rerun-here" className="text-xs text-ink-3">
        {t(words.rerunHereHelp)}
      </p>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-ink-3">{title}</h3>
      <ul className="flex flex-col gap-1.5">{children}</ul>
    </section>
  );
}

function AttemptLine({ attempt, now, onGo }: { readonly attempt: Attempt; readonly now: number; readonly onGo: () => void }) {
  const { t, f, pick, said } = useText();
  const ms = Math.max(0, (attempt.outcome === 'running' ? now : attempt.endedAt) - attempt.startedAt);
  const why = attempt.outcome === 'failed' ? attempt.error.message : attempt.outcome === 'lost' ? attempt.reason : null;
  return (
    <li>
      <button type="button" aria-label={`${t(words.toAttempt, attempt.attempt)}: ${pick(outcomeText[attempt.outcome])}, ${f.duration(ms)}`} onClick={onGo} className="-mx-1.5 flex w-[calc(100%+12px)] items-center gap-2 rounded-sm px-1.5 py-0.5 text-left hover:bg-hover">
        <StatusDot status={OUTCOME[attempt.outcome]} className="size-1.5" />
        <span className="flex-1">
          {f.number(attempt.attempt)} · {pick(outcomeText[attempt.outcome])}
        </span>
        <time className="text-xs text-ink-3">{f.time(attempt.startedAt)}</time>
        <span className="min-w-14 text-right text-xs text-ink-2">{f.duration(ms)}</span>
      </button>
      {why === null ? null : <span className="block pl-3.5 text-xs [overflow-wrap:anywhere] text-ink-2">{said(why)}</span>}
    </li>
  );
}
