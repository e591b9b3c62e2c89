import { CircleCheck, CircleX, Copy, Ellipsis, Pencil, Plug, Trash2 } from 'lucide-react';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ConnectionView } from '#shared/contract/connections';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, DropdownMenu, IconButton, Spinner, Tooltip } from '../ui/index.ts';
import { askDelete, copyConnection, editConnection } from './dialogs.ts';
import { freeName } from './form.ts';
import { KindIcon } from './kind-choice.tsx';
import { whereTo } from './summary.ts';
import { connectionText, stepText } from './text.ts';
import { useTrial } from './use-trial.ts';
import type { Trial } from './use-trial.ts';

/** One connection in the list. Anywhere on it opens its form; it can be tried right here. */
export function ConnectionRow({ connection, taken }: { readonly connection: ConnectionView; readonly taken: readonly string[] }) {
  const { t, pick } = useText();
  const { trial, start } = useTrial();
  const { name, kind, settings, usedBy } = connection;
  const where = whereTo(connection);
  return (
    <li className="relative flex items-center gap-3.5 px-3.5 py-3 first:rounded-t-lg last:rounded-b-lg hover:bg-hover">
      <KindIcon kind={kind} />
      <div className="min-w-0 flex-1">
        <button type="button" aria-label={t(connectionText.editOf, name)} className="block max-w-full truncate text-left font-medium after:absolute after:inset-0" onClick={() => editConnection(connection)}>
          {name}
        </button>
        <p className="truncate text-xs text-ink-2">
          {pick(connectionSpecs[kind].label)}
          {where === '' ? null : <span className="text-ink-3"> · {where}</span>}
        </p>
        <Outcome trial={trial} />
      </div>
      <div className="relative shrink-0 text-xs text-ink-2">
        {usedBy.length === 0 ? (
          <span className="text-ink-3">{t(connectionText.unused)}</span>
        ) : (
          <Tooltip text={usedBy.join(', ')}>
            <span tabIndex={0} className="rounded-sm">
              {t(connectionText.usedBy, usedBy.length)}
            </span>
          </Tooltip>
        )}
      </div>
      <div className="relative flex shrink-0 items-center gap-1">
        <Button size="sm" aria-label={t(connectionText.testOf, name)} busy={trial.kind === 'running'} icon={<Plug />} onClick={() => start({ previous: name, name, kind, settings, secrets: {} })}>
          {t(connectionText.test)}
        </Button>
        <DropdownMenu
          entries={[
            { id: 'edit', label: t(connectionText.edit), icon: <Pencil />, onSelect: () => editConnection(connection) },
            { id: 'duplicate', label: t(connectionText.duplicate), icon: <Copy />, onSelect: () => copyConnection(connection, freeName(name, taken)) },
            { kind: 'separator', id: 'line' },
            { id: 'delete', label: t(connectionText.delete), icon: <Trash2 />, danger: true, onSelect: () => askDelete(connection) },
          ]}
        >
          <IconButton label={`${t(common.more)}: ${name}`} icon={<Ellipsis />} />
        </DropdownMenu>
      </div>
    </li>
  );
}

/** How the last try from this list went, in a line. */
function Outcome({ trial }: { readonly trial: Trial }) {
  const { t, f } = useText();
  const line = 'mt-1 flex items-start gap-1.5 text-xs';
  if (trial.kind === 'none') return null;
  if (trial.kind === 'running') {
    return (
      <p role="status" className={`${line} text-ink-2`}>
        <Spinner className="mt-0.5 size-3" />
        {t(connectionText.trying)}
      </p>
    );
  }
  const error = trial.kind === 'failed' ? trial.error : trial.report.error;
  if (error === null && trial.kind === 'reported') {
    const { server, durationMs } = trial.report;
    return (
      <p role="status" className={`${line} text-completed`}>
        <CircleCheck className="mt-0.5 size-3 shrink-0" aria-hidden="true" />
        {[t(connectionText.good), server, f.duration(durationMs)].filter((part) => part !== null).join(' · ')}
      </p>
    );
  }
  const step = trial.kind === 'reported' ? trial.report.steps.find((one) => !one.ok) : undefined;
  return (
    <p role="status" className={`${line} relative text-failed`}>
      <CircleX className="mt-0.5 size-3 shrink-0" aria-hidden="true" />
      <span className="selectable min-w-0 [overflow-wrap:anywhere]">
        {step === undefined ? null : <span className="font-medium">{t(stepText[step.step])}: </span>}
        {error?.message} {error?.remedy}
      </span>
    </p>
  );
}
