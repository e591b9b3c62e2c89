import { CirclePause, CircleSlash, FileWarning } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { RefusedSchedule } from '#shared/contract/schedules';
import { problemText } from '#shared/workflow/problems';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { linkClass } from '../runs/run-story.tsx';
import { Button, toastError } from '../ui/index.ts';
import { resumeAll } from './actions.ts';
import { scheduleText } from './text.ts';

interface BarProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly tone: 'interrupted' | 'failed';
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

const tones = { interrupted: ['bg-interrupted-soft', 'text-interrupted'], failed: ['bg-failed-soft', 'text-failed'] } as const;

/** Something that holds for the whole place. */
export function Bar({ icon, title, tone, actions, children }: BarProps) {
  const [ground, text] = tones[tone];
  return (
    <section role="status" aria-label={title} className={`flex shrink-0 items-start gap-3 border-b border-line px-5 py-2.5 text-sm ${ground}`}>
      <span className={`mt-0.5 shrink-0 [&_svg]:size-4 ${text}`}>{icon}</span>
      <div className="selectable flex min-w-0 flex-1 flex-col gap-0.5">
        <h2 className={`font-medium ${text}`}>{title}</h2>
        {children}
      </div>
      {actions}
    </section>
  );
}

/** This host starts nothing by itself. */
export function StillBar() {
  const { t } = useText();
  return <Bar icon={<CircleSlash />} title={t(scheduleText.still)} tone="interrupted" />;
}

/** All schedules are paused together: since when and why, and the way back. */
export function AllPausedBar({ paused }: { readonly paused: { readonly note: string; readonly at: number } }) {
  const { t, f } = useText();
  const [busy, setBusy] = useState(false);
  return (
    <Bar
      icon={<CirclePause />}
      title={t(scheduleText.allPaused, f.dateTime(paused.at))}
      tone="interrupted"
      actions={
        <Button
          busy={busy}
          onClick={() => {
            setBusy(true);
            resumeAll().catch((thrown: unknown) => {
              setBusy(false);
              toastError(thrown);
            });
          }}
        >
          {t(scheduleText.resumeAll)}
        </Button>
      }
    >
      <p>{paused.note === '' ? t(scheduleText.allPausedHelp) : paused.note}</p>
    </Bar>
  );
}

const MOST_FILES = 3;

/** Workflow files whose schedule is not in force, each with the place of its first mistake and the way there. */
export function RefusedBar({ refused }: { readonly refused: readonly RefusedSchedule[] }) {
  const { t, language } = useText();
  const [all, setAll] = useState(false);
  const shown = all ? refused : refused.slice(0, MOST_FILES);
  return (
    <Bar icon={<FileWarning />} title={t(scheduleText.refusedTitle, refused.length)} tone="failed">
      <ul className="flex max-h-60 flex-col gap-1 overflow-y-auto">
        {shown.map(({ workflowId, workflowName, path, problems }) => {
          const [first] = problems;
          return (
            <li key={path} className="flex min-w-0 items-baseline gap-2">
              <span className="min-w-0 [overflow-wrap:anywhere]" title={path}>
                <span className="font-medium">{workflowName}</span>
                {first === undefined ? null : ` · ${first.field ?? 'metadata.schedule'}: ${problemText(first, language).message}`}
                {problems.length > 1 ? ` (${t(scheduleText.more, problems.length - 1)})` : null}
              </span>
              <a href={href({ place: 'edit', workflowId, schedule: '' })} className={`${linkClass} shrink-0`}>
                {t(scheduleText.refusedFix)}
              </a>
            </li>
          );
        })}
      </ul>
      <p className="text-ink-2">
        {t(scheduleText.refusedHelp)}
        {shown.length < refused.length ? (
          <Button variant="ghost" size="sm" onClick={() => setAll(true)} className="ml-1">
            {t(scheduleText.more, refused.length - shown.length)}
          </Button>
        ) : null}
      </p>
    </Bar>
  );
}
