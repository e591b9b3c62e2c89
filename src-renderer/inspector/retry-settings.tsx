import type { Retry } from '#shared/workflow/workflow';
import { useText } from '../i18n/use-text.ts';
import { Field, Select } from '../ui/index.ts';
import { retryPlan } from './retry-plan.ts';
import { DurationField, SwitchField, WholeField } from './typed-field.tsx';
import { retrySentence, words } from './words.ts';

/** What a retry is until a person says otherwise. */
const usual: Retry = { attempts: 3, backoff: 'exponential', initialMs: 1000, maxMs: 60_000, jitter: 0.2 };

/** Is a failed node tried again, how often and how soon: told in a sentence that the engine's own arithmetic fills. */
export function RetrySettings({ retry, onRetry }: { readonly retry: Retry | undefined; readonly onRetry: (retry: Retry | undefined) => void }) {
  const { t } = useText();
  const on = retry !== undefined && retry.attempts > 1;
  const put = (patch: Partial<Retry>): void => onRetry({ ...usual, ...retry, ...patch });
  return (
    <section className="flex flex-col gap-3">
      <SwitchField id="node-retry" label={t(words.retry)} help={on ? <span className="text-ink">{t(retrySentence, retryPlan(retry))}</span> : t(words.retryHelp)} checked={on} onChecked={(checked) => onRetry(checked ? usual : undefined)} />
      {on ? (
        <div className="flex flex-col gap-3 border-l-2 border-line pl-3">
          <div className="grid grid-cols-2 gap-3">
            <WholeField id="node-attempts" label={t(words.attempts)} least={2} most={100} value={retry.attempts} onValue={(attempts) => (attempts === undefined ? undefined : put({ attempts }))} />
            <Field label={t(words.backoff)} htmlFor="node-backoff">
              <Select
                id="node-backoff"
                value={retry.backoff}
                options={[
                  { value: 'exponential', label: t(words.exponential) },
                  { value: 'constant', label: t(words.constant) },
                ]}
                onValue={(backoff) => put({ backoff })}
              />
            </Field>
          </div>
          <div className="grid grid-cols-3 gap-3">
            <DurationField id="node-initial" label={t(words.firstWait)} least={0} value={retry.initialMs} onValue={(initialMs) => (initialMs === undefined ? undefined : put({ initialMs }))} />
            <DurationField id="node-longest" label={t(words.longestWait)} least={0} value={retry.maxMs} onValue={(maxMs) => (maxMs === undefined ? undefined : put({ maxMs }))} />
            <WholeField id="node-jitter" label={t(words.jitter)} least={0} most={100} value={Math.round(retry.jitter * 100)} onValue={(percent) => (percent === undefined ? undefined : put({ jitter: percent / 100 }))} />
          </div>
          <p className="text-xs text-ink-3">{t(words.jitterHelp)}</p>
        </div>
      ) : null}
    </section>
  );
}
