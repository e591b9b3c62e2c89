import { CornerDownRight, FileJson2, RefreshCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StudioEvent } from '#shared/events';
import type { RunOrigin } from '#shared/events';
import type { Run } from '#shared/run/run';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { adventures, isOpened } from './moment.ts';
import type { NodeName } from './run-workflow.ts';
import { words } from './words.ts';

export const linkClass = 'rounded-sm text-accent-text underline decoration-transparent underline-offset-2 hover:decoration-current';

interface RunStoryProps {
  readonly run: Run;
  readonly events: readonly StudioEvent[];
  readonly names: ReadonlyMap<string, NodeName>;
}

/** Where a run comes from and what it went through, in a line; nothing where it simply ran. */
export function RunStory({ run, events, names }: RunStoryProps) {
  const { t } = useText();
  const { resumed, lost, reused } = adventures(run, events);
  const opened = isOpened(run.id);
  if (run.origin === null && resumed === 0 && lost === 0 && !opened) return null;
  return (
    <ul className="flex min-h-8 flex-wrap items-center gap-x-5 border-t border-line px-5 py-1 text-sm text-ink-2">
      {opened ? <Part icon={<FileJson2 />}>{t(words.opened)}</Part> : null}
      {run.origin === null ? null : (
        <Part icon={<CornerDownRight />}>
          <OriginLink origin={run.origin} names={names} />
          {reused === 0 ? null : ` · ${t(words.reusedNodes, reused)}`}
        </Part>
      )}
      {resumed === 0 ? null : <Part icon={<RefreshCw />}>{t(words.resumedTimes, resumed)}</Part>}
      {lost === 0 ? null : <Part icon={<Unplug />}>{t(words.lostAttempts, lost)}</Part>}
    </ul>
  );
}

function Part({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-1.5 [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-3">
      {icon}
      <span>{children}</span>
    </li>
  );
}

/** The run that a run continues, as a link to the moment it was continued from. */
export function OriginLink({ origin, names }: { readonly origin: RunOrigin; readonly names: ReadonlyMap<string, NodeName> }) {
  const { t } = useText();
  return (
    <>
      {t(origin.kind === 'fork' ? words.forkOf : words.rerunOf)}{' '}
      <a href={href({ place: 'run', runId: origin.run, version: origin.version })} className={linkClass}>
        {t(words.anotherRun)}
      </a>{' '}
      {origin.kind === 'fork' ? t(words.fromEvent, origin.version) : origin.from === null ? '' : t(words.fromNode, names.get(origin.from)?.label ?? origin.from)}
    </>
  );
}
