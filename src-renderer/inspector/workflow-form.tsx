import type { WorkflowSettings } from '#shared/workflow/workflow';
import { change, useDocument, useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { common } from '../i18n/common.ts';
import { patchWorkflow } from '../stores/edit/change.ts';
import { Field, Input, Select, Textarea } from '../ui/index.ts';
import { DurationField, WholeField } from './typed-field.tsx';
import { recoveryHelp, words } from './words.ts';

/** The workflow's own keys, and how its runs go. */
export function WorkflowForm() {
  const { t } = useText();
  const session = useSession();
  const workflow = useDocument((state) => state.workflow);
  const path = useDocument((state) => state.path);
  const put = (patch: Parameters<typeof patchWorkflow>[1], key: string): void => change(session, 'workflow', (now) => patchWorkflow(now, patch), `workflow/${key}`);
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
      <RunSettings settings={workflow.settings} onSettings={(settings, key) => put({ settings }, key)} />
      <Field label={t(words.file)}>
        <code className="selectable font-mono text-xs [overflow-wrap:anywhere] text-ink-2">{path}</code>
      </Field>
    </div>
  );
}

/** How runs of the workflow go. What is left out, or at its usual value, leaves the file. */
function RunSettings({ settings, onSettings }: { readonly settings: WorkflowSettings; readonly onSettings: (settings: WorkflowSettings, key: string) => void }) {
  const { t, pick } = useText();
  const set = <K extends 'recovery' | 'timeoutMs' | 'maxConcurrentRuns' | 'priority' | 'memoryLimitMb'>(key: K, value: WorkflowSettings[K]): void => {
    const { [key]: _old, ...rest } = settings;
    onSettings(value === undefined ? rest : { ...rest, [key]: value }, key);
  };
  const recovery = settings.recovery ?? 'resume';
  return (
    <>
      <h3 className="border-t border-line pt-4 text-sm font-semibold">{t(words.runs)}</h3>
      <Field label={t(words.recovery)} htmlFor="workflow-recovery" help={pick(recoveryHelp[recovery])}>
        <Select
          id="workflow-recovery"
          value={recovery}
          options={[
            { value: 'resume', label: t(words.recoveryResume) },
            { value: 'ask', label: t(words.recoveryAsk) },
            { value: 'fail', label: t(words.recoveryFail) },
          ]}
          onValue={(value) => set('recovery', value === 'resume' ? undefined : value)}
        />
      </Field>
      <DurationField id="workflow-timeout" label={t(words.runTimeout)} help={t(words.runTimeoutHelp)} placeholder={t(words.noTimeout)} value={settings.timeoutMs} onValue={(ms) => set('timeoutMs', ms)} />
      <WholeField id="workflow-concurrent" label={t(words.concurrent)} help={t(words.concurrentHelp)} placeholder={t(words.noLimit)} least={1} most={1000} value={settings.maxConcurrentRuns} onValue={(runs) => set('maxConcurrentRuns', runs)} />
      <WholeField id="workflow-priority" label={t(words.priority)} help={t(words.priorityHelp)} placeholder="0" least={-100} most={100} value={settings.priority} onValue={(priority) => set('priority', priority === 0 ? undefined : priority)} />
      <WholeField id="workflow-memory" label={t(words.memory)} help={t(words.memoryHelp)} placeholder={t(words.standard)} least={64} most={16_777_216} value={settings.memoryLimitMb} onValue={(mb) => set('memoryLimitMb', mb)} />
    </>
  );
}
