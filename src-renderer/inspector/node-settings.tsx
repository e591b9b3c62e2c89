import type { WorkflowNode } from '#shared/workflow/workflow';
import { changeOnError } from '../editor/node-actions.ts';
import { change, useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { patchNode } from '../stores/edit/change.ts';
import { specOf } from '../stores/edit/ports.ts';
import { Field, Select, Textarea } from '../ui/index.ts';
import { RetrySettings } from './retry-settings.tsx';
import { DurationField, SwitchField } from './typed-field.tsx';
import { onErrorHelp, words } from './words.ts';

/** What every node has, whatever it does: what its failure means, retry, time limit, keeping its output, switching it off, a note. */
export function NodeSettings({ node }: { readonly node: WorkflowNode }) {
  const { t, pick } = useText();
  const session = useSession();
  const put = (patch: Parameters<typeof patchNode>[2], key: string): void => change(session, 'settings', (workflow) => patchNode(workflow, node.id, patch), `${node.id}/${key}`);
  const gives = (specOf(session.specs, node)?.outputs.length ?? 0) > 0;
  const onError = node.onError ?? 'stop';
  return (
    <div className="flex flex-col gap-5 px-4 py-3.5">
      <Field label={t(words.onError)} htmlFor="node-error" help={pick(onErrorHelp[onError])}>
        <Select
          id="node-error"
          value={onError}
          options={[
            { value: 'stop', label: t(words.stop) },
            { value: 'continue', label: t(words.continue) },
            { value: 'errorPort', label: t(words.errorPort) },
          ]}
          onValue={(value) => changeOnError(session, node.id, value)}
        />
      </Field>
      <RetrySettings retry={node.retry} onRetry={(retry) => put({ retry }, 'retry')} />
      <DurationField id="node-timeout" label={t(words.timeout)} help={t(words.timeoutHelp)} placeholder={t(words.noTimeout)} value={node.timeoutMs} onValue={(timeoutMs) => put({ timeoutMs }, 'timeout')} />
      {gives || node.checkpoint === true ? (
        <SwitchField id="node-checkpoint" label={t(words.checkpoint)} help={t(words.checkpointHelp)} checked={node.checkpoint === true} onChecked={(checked) => put({ checkpoint: checked ? true : undefined }, 'checkpoint')} />
      ) : null}
      <SwitchField id="node-disabled" label={t(words.disabled)} help={t(words.disabledHelp)} checked={node.disabled === true} onChecked={(checked) => put({ disabled: checked ? true : undefined }, 'disabled')} />
      <Field label={t(words.note)} htmlFor="node-note" help={t(words.noteHelp)}>
        <Textarea id="node-note" rows={3} value={node.note ?? ''} onChange={(event) => put({ note: event.target.value === '' ? undefined : event.target.value }, 'note')} />
      </Field>
      <Field label={t(words.id)}>
        <code className="selectable font-mono text-xs text-ink-2">{node.id}</code>
      </Field>
    </div>
  );
}
