import { change, useDocument, useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { common } from '../i18n/common.ts';
import { patchWorkflow } from '../stores/edit/change.ts';
import { Field, Input, Textarea } from '../ui/index.ts';
import { words } from './words.ts';

const wholeOf = (text: string): number | undefined => (/^\d+$/.test(text.trim()) && Number(text) > 0 ? Number(text) : undefined);

/** The workflow's own keys. */
export function WorkflowForm() {
  const { t } = useText();
  const session = useSession();
  const workflow = useDocument((state) => state.workflow);
  const path = useDocument((state) => state.path);
  const put = (patch: Parameters<typeof patchWorkflow>[1], key: string): void => change(session, 'workflow', (now) => patchWorkflow(now, patch), `workflow/${key}`);
  const setting = (key: 'memoryLimitMb' | 'timeoutMs', value: number | undefined): void => {
    const { [key]: _old, ...rest } = workflow.settings;
    put({ settings: value === undefined ? rest : { ...rest, [key]: value } }, key);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3.5">
      <div>
        <h2 className="text-md font-semibold">{t(words.workflow)}</h2>
        <p className="text-xs text-ink-3">{t(common.nodes, workflow.nodes.length)}</p>
      </div>
      <Field label={t(words.name)} htmlFor="workflow-name">
        <Input id="workflow-name" value={workflow.name} onChange={(event) => (event.target.value === '' ? undefined : put({ name: event.target.value }, 'name'))} />
      </Field>
      <Field label={t(words.description)} htmlFor="workflow-description">
        <Textarea id="workflow-description" rows={3} value={workflow.description} onChange={(event) => put({ description: event.target.value }, 'description')} />
      </Field>
      <Field label={t(words.tags)} htmlFor="workflow-tags" help={t(words.tagsHelp)}>
        <Input
          id="workflow-tags"
          key={workflow.tags.join()}
          defaultValue={workflow.tags.join(', ')}
          onBlur={(event) => {
            const tags = [...new Set(event.target.value.split(/[,，]/).map((tag) => tag.trim()).filter((tag) => tag !== ''))];
            if (tags.join() !== workflow.tags.join()) put({ tags }, 'tags');
          }}
        />
      </Field>
      <Field label={t(words.memory)} htmlFor="workflow-memory" help={t(words.memoryHelp)}>
        <Input
          id="workflow-memory"
          key={workflow.settings.memoryLimitMb ?? ''}
          inputMode="numeric"
          defaultValue={workflow.settings.memoryLimitMb ?? ''}
          onBlur={(event) => {
            const typed = wholeOf(event.target.value);
            const value = typed === undefined ? undefined : Math.max(64, typed);
            if (value !== workflow.settings.memoryLimitMb) setting('memoryLimitMb', value);
          }}
        />
      </Field>
      <Field label={t(words.runTimeout)} htmlFor="workflow-timeout">
        <Input id="workflow-timeout" inputMode="numeric" placeholder={t(words.noTimeout)} value={workflow.settings.timeoutMs ?? ''} onChange={(event) => setting('timeoutMs', wholeOf(event.target.value))} />
      </Field>
      <Field label={t(words.file)}>
        <code className="selectable font-mono text-xs [overflow-wrap:anywhere] text-ink-2">{path}</code>
      </Field>
    </div>
  );
}
