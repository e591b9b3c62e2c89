import { useCallback, useEffect, useMemo, useRef } from 'react';
import { toErrorInfo } from '#shared/errors';
import { NodeId } from '#shared/ids';
import type { NodeSpec } from '#shared/node-spec';
import { problemText } from '#shared/workflow/problems';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { change, useProblems, useSession, useView, workflowOf } from '../editor/session.ts';
import { useInputColumns, useSettled } from '../editor/use-columns.ts';
import { useText } from '../i18n/use-text.ts';
import { setConfig } from '../stores/edit/change.ts';
import { Fields } from '../widgets/fields.tsx';
import { FormContext } from '../widgets/widget.ts';
import type { Form, Tried } from '../widgets/widget.ts';
import { widgets } from '../widgets/widgets.ts';
import { words } from './words.ts';

/** The form of a node's config, made from its spec. */
export function NodeForm({ node, spec }: { readonly node: WorkflowNode; readonly spec: NodeSpec }) {
  const { pick, t, language } = useText();
  const session = useSession();
  const columns = useInputColumns(node.id);
  const meaning = useSettled(300);
  const problems = useProblems((state) => state.byNode.get(node.id));
  const focus = useView((state) => (state.focus?.node === node.id ? state.focus : null));
  const box = useRef<HTMLDivElement>(null);

  const tryExpression = useCallback(
    async (text: string, scope: 'condition' | 'scalar' | 'query'): Promise<Tried> => {
      try {
        return { kind: 'ok', ...(await session.client.workflows.tryExpression({ workflow: workflowOf(session), node: NodeId.parse(node.id), text, scope, limit: scope === 'condition' ? 100 : 5 })) };
      } catch (thrown) {
        return { kind: 'error', message: toErrorInfo(thrown).message };
      }
    },
    [session, node.id],
  );
  const form = useMemo(
    (): Form => ({ widgets, columns, meaning, tryExpression, nativeDialogs: session.nativeDialogs, problemAt: (path, within = false) => {
        const problem = problems?.find((one) => one.field === path || (within && one.field?.startsWith(`${path}[`) === true));
        return problem === undefined ? null : problemText(problem, language).message;
      } }),
    [language, columns, meaning, tryExpression, session.nativeDialogs, problems],
  );
  useEffect(() => {
    if (focus?.field == null) return;
    // The nearest field that there is: an item's own, or the list that it stands in.
    for (let path: string = focus.field; path !== ''; path = path.replace(/(\.[^.[\]]+|\[\d+\])$|^[^.[\]]+$/, '')) {
      const field = box.current?.querySelector(`[data-field="${CSS.escape(path)}"]`);
      if (field == null) continue;
      field.scrollIntoView({ block: 'center', behavior: 'smooth' });
      field.querySelector<HTMLElement>('input, textarea, [contenteditable="true"], button')?.focus({ preventScroll: true });
      return;
    }
  }, [focus]);

  return (
    <FormContext value={form}>
      <div ref={box} className="flex flex-col gap-4 px-4 py-3.5">
        <p className="text-sm text-ink-2">{pick(spec.summary)}</p>
        {spec.params.length === 0 ? <p className="text-sm text-ink-3">{t(words.noParams)}</p> : null}
        <Fields params={spec.params} config={node.config} path="" onChange={(name, value) => change(session, 'configure', (workflow) => setConfig(workflow, node.id, name, value), `${node.id}.${name}`)} />
      </div>
    </FormContext>
  );
}
