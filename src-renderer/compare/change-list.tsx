import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { assertNever } from '#shared/errors';
import type { Json } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey, NodeSpec } from '#shared/node-spec';
import type { Run } from '#shared/run/run';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { useText } from '../i18n/use-text.ts';
import { workflowOf } from '../runs/run-workflow.ts';
import type { NodeName } from '../runs/run-workflow.ts';
import { compareText } from './text.ts';
import { workflowChanges } from './workflow-changes.ts';
import type { FieldChange, WorkflowChange } from './workflow-changes.ts';

interface ChangeListProps {
  readonly left: Run;
  readonly right: Run;
  readonly names: ReadonlyMap<string, NodeName>;
  readonly specs: ReadonlyMap<NodeKey, NodeSpec> | undefined;
}

const SHOWN = 5;
const LONGEST = 60;

/** A value in a few letters. */
function short(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** What is not the same in the workflows that two runs ran, as far as it decides what they did. */
export function ChangeList({ left, right, names, specs }: ChangeListProps) {
  const { t, pick } = useText();
  const [before, after] = [workflowOf(left), workflowOf(right)];
  const changes = useMemo(() => (before === null || after === null ? [] : workflowChanges(before, after)), [before, after]);
  if (left.revision === right.revision) return <span className="text-ink-2">{t(compareText.sameRevision)}</span>;
  if (changes.length === 0) return <span className="text-ink-2">{t(compareText.sameMeaning)}</span>;
  const fieldLabel = (node: WorkflowNode, field: string): string => {
    const param = specs?.get(nodeKey(node))?.params.find((one) => one.name === field);
    return param === undefined ? field : pick(param.label);
  };
  const line = (change: WorkflowChange): ReactNode => {
    switch (change.kind) {
      case 'added':
      case 'removed':
      case 'retyped':
        return t(compareText[change.kind], names.get(change.node.id)?.label ?? change.node.id);
      case 'changed':
        return <Fields name={names.get(change.node.id)?.label ?? change.node.id} fields={change.fields} labelOf={(field) => fieldLabel(change.node, field)} />;
      case 'connections':
        return t(compareText.connections, change.added, change.removed);
      case 'settings':
        return <Fields name={t(compareText.settings)} fields={change.fields} labelOf={(field) => field} />;
      default:
        return assertNever(change);
    }
  };
  const lines = (some: readonly WorkflowChange[]): ReactNode => some.map((change) => <li key={`${change.kind} ${'node' in change ? change.node.id : ''}`}>{line(change)}</li>);
  return (
    <div className="selectable flex flex-col gap-0.5">
      {left.workflowId === right.workflowId ? null : <p className="text-ink-2">{t(compareText.otherWorkflow)}</p>}
      <ul className="flex flex-col gap-0.5">{lines(changes.slice(0, SHOWN))}</ul>
      {changes.length > SHOWN ? (
        <details>
          <summary className="text-xs text-ink-2">{t(compareText.more, changes.length - SHOWN)}</summary>
          <ul className="flex flex-col gap-0.5">{lines(changes.slice(SHOWN))}</ul>
        </details>
      ) : null}
    </div>
  );
}

interface FieldsProps {
  readonly name: string;
  readonly fields: readonly FieldChange[];
  readonly labelOf: (field: string) => string;
}

function Fields({ name, fields, labelOf }: FieldsProps) {
  const { t } = useText();
  const value = (one: Json | undefined): ReactNode => (one === undefined ? <span className="text-ink-3">{t(compareText.unset)}</span> : <code className="font-mono text-xs [overflow-wrap:anywhere]">{short(one)}</code>);
  return (
    <>
      <span className="font-medium">{name}</span>
      {fields.map(({ field, before, after }, index) => (
        <span key={field}>
          {index === 0 ? ': ' : '; '}
          {labelOf(field)} {value(before)} → {value(after)}
        </span>
      ))}
    </>
  );
}
