import type { Retry, WorkflowNode } from '#shared/workflow/workflow';
import { change, useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { patchNode } from '../stores/edit/change.ts';
import { Field, Input, Select, Switch, Textarea } from '../ui/index.ts';
import { words } from './words.ts';

const wholeOf = (text: string): number | undefined => (/^\d+$/.test(text.trim()) && Number(text) > 0 ? Number(text) : undefined);
const usual: Retry = { attempts: 1, backoff: 'exponential', initialMs: 1000, maxMs: 60_000, jitter: 0.2 };

/** What every node has, whatever it does: note, failure, retry, time limit. */
export function NodeSettings({ node }: { readonly node: WorkflowNode }) {
  const { t } = useText();
  const session = useSession();
  const put = (patch: Parameters<typeof patchNode>[2], key: string): void => change(session, 'settings', (workflow) => patchNode(workflow, node.id, patch), `${node.id}/${key}`);
  const { retry } = node;
  const tries = (patch: Partial<Retry>): void => {
    const next = { ...usual, ...retry, ...patch };
    put({ retry: next.attempts <= 1 ? undefined : next }, 'retry');
  };
  return (
    <div className="flex flex-col gap-4 px-4 py-3.5">
      <Field label={t(words.note)} htmlFor="node-note" help={t(words.noteHelp)}>
        <Textarea id="node-note" rows={3} value={node.note ?? ''} onChange={(event) => put({ note: event.target.value === '' ? undefined : event.target.value }, 'note')} />
      </Field>
      <div className="flex flex-col gap-1">
        <div className="flex items-center justify-between">
          <label htmlFor="node-disabled" className="text-xs font-medium text-ink-2">
            {t(words.disabled)}
          </label>
          <Switch id="node-disabled" checked={node.disabled === true} onChecked={(checked) => put({ disabled: checked ? true : undefined }, 'disabled')} />
        </div>
        <p className="text-xs text-ink-3">{t(words.disabledHelp)}</p>
      </div>
      <Field label={t(words.onError)} htmlFor="node-error">
        <Select
          id="node-error"
          value={node.onError === 'continue' ? 'continue' : 'stop'}
          options={[
            { value: 'stop', label: t(words.stop) },
            { value: 'continue', label: t(words.continue) },
          ]}
          onValue={(value) => put({ onError: value === 'stop' ? undefined : value }, 'onError')}
        />
      </Field>
      <Field label={t(words.attempts)} htmlFor="node-attempts" help={t(words.attemptsHelp)}>
        <Input id="node-attempts" inputMode="numeric" value={String(retry?.attempts ?? 1)} onChange={(event) => tries({ attempts: Math.min(100, wholeOf(event.target.value) ?? 1) })} />
      </Field>
      {retry === undefined ? null : (
        <>
          <Field label={t(words.backoff)} htmlFor="node-backoff">
            <Select
              id="node-backoff"
              value={retry.backoff}
              options={[
                { value: 'constant', label: t(words.constant) },
                { value: 'exponential', label: t(words.exponential) },
              ]}
              onValue={(backoff) => tries({ backoff })}
            />
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label={t(words.initialMs)} htmlFor="node-initial">
              <Input id="node-initial" inputMode="numeric" value={String(retry.initialMs)} onChange={(event) => tries({ initialMs: wholeOf(event.target.value) ?? 0 })} />
            </Field>
            <Field label={t(words.maxMs)} htmlFor="node-max">
              <Input id="node-max" inputMode="numeric" value={String(retry.maxMs)} onChange={(event) => tries({ maxMs: wholeOf(event.target.value) ?? 0 })} />
            </Field>
          </div>
        </>
      )}
      <Field label={t(words.timeout)} htmlFor="node-timeout" help={t(words.timeoutHelp)}>
        <Input id="node-timeout" inputMode="numeric" placeholder={t(words.noTimeout)} value={node.timeoutMs ?? ''} onChange={(event) => put({ timeoutMs: wholeOf(event.target.value) }, 'timeout')} />
      </Field>
      <Field label={t(words.id)}>
        <code className="selectable font-mono text-xs text-ink-2">{node.id}</code>
      </Field>
    </div>
  );
}
