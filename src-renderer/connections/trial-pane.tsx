import { CircleCheck, CircleX, Plug, ShieldAlert, ShieldQuestionMark } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TestReport } from '#shared/connections/connection';
import type { ErrorInfo } from '#shared/errors';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, cx, Spinner } from '../ui/index.ts';
import { fingerprintIn } from './form.ts';
import { connectionText, stepText } from './text.ts';
import type { Trial } from './use-trial.ts';

interface TrialPaneProps {
  readonly trial: Trial;
  /** Was something else tested than what stands in the form now? */
  readonly stale: boolean;
  readonly onStart: () => void;
  readonly onStop: () => void;
  /** Where the kind has servers that prove themselves by a key: the one that is trusted, and how to trust another. */
  readonly hostKey?: { readonly trusted: string; readonly onTrust: (fingerprint: string) => void } | undefined;
}

/** Tries the connection as it stands in the form, and says how far it came. */
export function TrialPane({ trial, stale, onStart, onStop, hostKey }: TrialPaneProps) {
  const { t } = useText();
  const tested = trial.kind === 'reported' || trial.kind === 'failed';
  return (
    <section aria-label={t(connectionText.test)} className="flex flex-col gap-3 rounded-lg border border-line bg-sunken p-3">
      {trial.kind === 'running' ? (
        <div className="flex items-center gap-2">
          <Spinner className="size-4 text-accent-text" />
          <Waiting since={trial.since} />
          <Button size="sm" className="ml-auto" onClick={onStop}>
            {t(common.stop)}
          </Button>
        </div>
      ) : (
        <>
          <Button icon={<Plug />} onClick={onStart} className="self-start">
            {t(tested ? connectionText.testAgain : connectionText.testConnection)}
          </Button>
          {tested ? null : <p className="text-xs text-ink-2">{t(connectionText.testHelp)}</p>}
        </>
      )}
      <div role="status" className="flex flex-col gap-3 empty:hidden">
        {tested && stale ? <p className="text-xs font-medium text-interrupted">{t(connectionText.changedSince)}</p> : null}
        {trial.kind === 'reported' ? <Report report={trial.report} faded={stale} hostKey={stale ? undefined : hostKey} /> : null}
        {trial.kind === 'failed' ? <Wrong error={trial.error} /> : null}
      </div>
    </section>
  );
}

function Waiting({ since }: { readonly since: number }) {
  const { t } = useText();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.floor((now - since) / 1000);
  return <span className="text-sm text-ink-2">{seconds < 2 ? t(connectionText.trying) : t(connectionText.tryingFor, seconds)}</span>;
}

function Report({ report, faded, hostKey }: { readonly report: TestReport; readonly faded: boolean; readonly hostKey: TrialPaneProps['hostKey'] }) {
  const { t, f } = useText();
  const { ok, steps, server, durationMs, error } = report;
  const failing = steps.find((step) => !step.ok);
  const key = fingerprintIn([failing?.detail, error?.message, error?.detail, error?.remedy].join(' '));
  const offered = hostKey !== undefined && !ok && key !== null && key !== hostKey.trusted ? key : null;
  return (
    <div className={cx('flex flex-col gap-3', faded && 'opacity-60')}>
      <p className={cx('text-sm font-medium', ok ? 'text-completed' : 'text-failed')}>{t(ok ? connectionText.good : connectionText.bad)}</p>
      <ol className="flex flex-col gap-1.5">
        {steps.map(({ step, ok: done, detail }, index) => (
          <li key={step} className="flex animate-enter items-start gap-2 text-sm [animation-fill-mode:backwards]" style={{ animationDelay: `${String(index * 70)}ms` }}>
            {done ? <CircleCheck role="img" aria-label={t(connectionText.good)} className="mt-0.75 size-3.5 shrink-0 text-completed" /> : <CircleX role="img" aria-label={t(connectionText.bad)} className="mt-0.75 size-3.5 shrink-0 text-failed" />}
            <span className="min-w-0 flex-1">
              <span className="font-medium">{t(stepText[step])}</span>
              {/* What went wrong stands below, whole. */}
              {detail === '' || !done ? null : <span className="selectable block text-xs [overflow-wrap:anywhere] text-ink-2">{detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      {ok ? (
        <p className="text-xs text-ink-2">
          {server === null || steps.some((step) => step.detail === server) ? null : <span className="selectable block font-medium text-ink">{server}</span>}
          {t(connectionText.answeredIn, f.duration(durationMs))}
        </p>
      ) : error === null ? null : (
        <Wrong error={error} />
      )}
      {offered === null || hostKey === undefined ? null : <OfferedKey fingerprint={offered} trusted={hostKey.trusted} onTrust={hostKey.onTrust} />}
    </div>
  );
}

/** What went wrong, what to try, and the technical text one click away. */
function Wrong({ error }: { readonly error: ErrorInfo }) {
  const { t } = useText();
  return (
    <div className="rounded-md bg-failed-soft px-2.5 py-2 text-sm">
      <p className="selectable [overflow-wrap:anywhere]">{error.message}</p>
      {error.remedy === undefined ? null : <p className="selectable mt-1 [overflow-wrap:anywhere] text-ink-2">{error.remedy}</p>}
      {error.detail === undefined ? null : (
        <details className="mt-1.5">
          <summary className="text-xs text-ink-2">{t(common.details)}</summary>
          <pre className="mt-1 max-h-40 overflow-auto font-mono text-2xs whitespace-pre-wrap">{error.detail}</pre>
        </details>
      )}
    </div>
  );
}

/** A server's key that nobody has vouched for yet, or one that is not what it was. */
function OfferedKey({ fingerprint, trusted, onTrust }: { readonly fingerprint: string; readonly trusted: string; readonly onTrust: (fingerprint: string) => void }) {
  const { t } = useText();
  const changed = trusted !== '';
  return (
    <div className={cx('rounded-md px-2.5 py-2 text-sm', changed ? 'bg-interrupted-soft' : 'bg-accent-soft')}>
      <p className="flex gap-2">
        {changed ? <ShieldAlert className="mt-0.75 size-3.5 shrink-0 text-interrupted" aria-hidden="true" /> : <ShieldQuestionMark className="mt-0.75 size-3.5 shrink-0 text-accent-text" aria-hidden="true" />}
        <span className="min-w-0">
          {t(connectionText.keyShown)}
          <code className="selectable mt-0.5 block font-mono text-xs [overflow-wrap:anywhere]">{fingerprint}</code>
          <span className="mt-1 block text-xs text-ink-2">{t(changed ? connectionText.keyChanged : connectionText.keyHelp)}</span>
        </span>
      </p>
      <Button size="sm" className="mt-2 ml-5.5" onClick={() => onTrust(fingerprint)}>
        {t(changed ? connectionText.trustNew : connectionText.trust)}
      </Button>
    </div>
  );
}
