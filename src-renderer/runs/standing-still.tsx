import { CirclePause, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { PauseAnswer } from '#shared/events';
import type { PauseQuestion } from '#shared/events';
import type { Run } from '#shared/run/run';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { toastError } from '../ui/toast.tsx';
import { answerRun } from './run-actions.ts';
import type { NodeName } from './run-workflow.ts';
import { answerText, goOnText, words } from './words.ts';

interface StandingStillProps {
  /** At the moment that is looked at. */
  readonly run: Run;
  /** After its last event. */
  readonly latest: Run;
  readonly names: ReadonlyMap<string, NodeName>;
  /** It can only be looked at. */
  readonly readOnly: boolean;
}

/** Why a run stands still, and where a person is asked: what would happen twice, and the answers. */
export function StandingStill({ run, latest, names, readOnly }: StandingStillProps) {
  const { t, said } = useText();
  if (run.status === 'paused' && run.question !== null) {
    const asksNow = latest.version === run.version && !readOnly;
    return (
      <Banner icon={<CirclePause />} title={t(asksNow ? words.paused : words.wasAsked)}>
        <Question run={run} question={run.question} names={names} />
        {asksNow ? <Answers run={latest} question={run.question} /> : null}
      </Banner>
    );
  }
  if (run.status === 'interrupted') {
    return (
      <Banner icon={<Unplug />} title={t(words.interrupted)}>
        {run.interruption === null ? null : <p>{said(run.interruption)}</p>}
        {latest.version === run.version && !readOnly ? <p className="text-ink-2">{t(words.goesOn)}</p> : null}
      </Banner>
    );
  }
  return null;
}

function Banner({ icon, title, children }: { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode }) {
  return (
    <section role="status" aria-label={title} className="selectable flex shrink-0 items-start gap-3 border-b border-line bg-interrupted-soft px-5 py-2.5 text-sm">
      <span className="mt-0.5 shrink-0 text-interrupted [&_svg]:size-4">{icon}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h2 className="font-medium text-interrupted">{title}</h2>
        {children}
      </div>
    </section>
  );
}

function Question({ run, question, names }: { readonly run: Run; readonly question: PauseQuestion; readonly names: ReadonlyMap<string, NodeName> }) {
  const { t, said } = useText();
  if (question.kind === 'recovery') return <p>{t(words.pausedRecovery, said(question.reason))}</p>;
  return (
    <>
      <p>{t(isDoubtful(run, question) ? words.doubtful : words.doneBefore)}</p>
      <ul className="max-h-32 overflow-y-auto">
        {question.effects.map((one) => (
          <li key={one.effect} className="flex gap-2 before:text-interrupted before:content-['•']">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-medium">{names.get(one.node)?.label ?? one.node}</span>: {one.what}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Is it unknown whether one of them has happened? Otherwise they have, and going on means to do them again. */
const isDoubtful = (run: Run, question: PauseQuestion & { readonly kind: 'effects' }): boolean =>
  question.effects.some((asked) => run.nodes[asked.node]?.effects.some((one) => one.effect === asked.effect && one.state === 'intended'));

/** Nothing is taken for done where nothing was asked about but going on. */
const answersTo = (question: PauseQuestion): readonly PauseAnswer[] => (question.kind === 'recovery' ? ['repeat', 'stop'] : PauseAnswer.options);

function Answers({ run, question }: { readonly run: Run; readonly question: PauseQuestion }) {
  const { t, pick } = useText();
  const [given, setGiven] = useState<PauseAnswer | null>(null);
  const give = (answer: PauseAnswer): void => {
    setGiven(answer);
    answerRun(run, answer).catch((thrown: unknown) => {
      setGiven(null);
      toastError(thrown);
    });
  };
  return (
    <ul aria-label={t(words.answers)} className="mt-1.5 flex flex-wrap gap-x-8 gap-y-2">
      {answersTo(question).map((answer) => {
        const { label, help } = answer === 'repeat' && question.kind === 'recovery' ? goOnText : answerText[answer];
        return (
          <li key={answer} className="flex max-w-76 flex-1 basis-52 flex-col items-start gap-1">
            <Button busy={given === answer} disabled={given !== null} aria-describedby={`answer-${answer}`} onClick={() => give(answer)}>
              {pick(label)}
            </Button>
            <p id={`answer-${answer}`} className="text-xs text-ink-2">
              {pick(help)}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
