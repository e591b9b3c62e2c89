import { Clipboard, Copy, Download, FolderOpen, History, MoreHorizontal, PencilRuler, Play, Trash2, TriangleAlert } from 'lucide-react';
import { isTerminal } from '#shared/run/run';
import type { ScheduleView } from '#shared/contract/schedules';
import type { LibraryEntry } from '#shared/contract/workflows';
import { useInfo } from '../app/queries.ts';
import { go, href } from '../app/router.ts';
import { common, runStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { NextRunLink } from '../schedules/next-run.tsx';
import { Badge, StatusDot } from '../ui/badge.tsx';
import { IconButton } from '../ui/button.tsx';
import { ContextMenu, DropdownMenu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/menu.tsx';
import { duplicateEntry, exportEntry, revealEntry, runEntry } from './actions.ts';
import { RunStrip } from './run-strip.tsx';
import { libraryText } from './text.ts';

/** The columns of the library, the same for the header and each row. */
export const libraryGrid = 'grid grid-cols-[minmax(180px,1fr)_minmax(0,190px)_48px_minmax(130px,170px)_116px_minmax(96px,130px)_104px_68px] items-center gap-3 px-5 min-w-220';

interface LibraryRowProps {
  readonly entry: LibraryEntry;
  readonly now: number;
  /** Of its schedules, the one that runs next. */
  readonly schedule: ScheduleView | undefined;
  readonly allPaused: boolean;
  readonly onDelete: (entry: LibraryEntry) => void;
}

/** One workflow file. A file that cannot be read is listed too, with what is wrong with it. */
export function LibraryRow({ entry, now, schedule, allPaused, onDelete }: LibraryRowProps) {
  const { t, f } = useText();
  const { data: info } = useInfo();
  const broken = entry.problem !== null;
  const last = entry.lastRuns[0];
  const open = (): void => go({ place: 'edit', workflowId: entry.id });
  const menu: MenuEntry[] = [
    ...(broken
      ? []
      : ([
          { id: 'open', label: t(libraryText.open), icon: <PencilRuler />, onSelect: open },
          { id: 'run', label: t(libraryText.run), icon: <Play />, onSelect: () => void runEntry(entry) },
          { id: 'runs', label: t(libraryText.runs), icon: <History />, onSelect: () => go({ place: 'runs', workflowId: entry.id }) },
          { kind: 'separator', id: 'first' },
          { id: 'duplicate', label: t(libraryText.duplicate), icon: <Copy />, onSelect: () => void duplicateEntry(entry) },
          { id: 'export', label: t(libraryText.export), icon: <Download />, onSelect: () => void exportEntry(entry) },
        ] satisfies MenuEntry[])),
    ...(info?.nativeDialogs === true ? [{ id: 'reveal', label: t(libraryText.reveal), icon: <FolderOpen />, onSelect: () => void revealEntry(entry) }] : []),
    { id: 'path', label: t(libraryText.copyPath), icon: <Clipboard />, onSelect: () => void navigator.clipboard.writeText(entry.path) },
    { kind: 'separator', id: 'second' },
    { id: 'delete', label: t(libraryText.delete), icon: <Trash2 />, danger: true, onSelect: () => onDelete(entry) },
  ];
  return (
    <ContextMenu entries={menu}>
      <div role="row" className={`${libraryGrid} group relative h-13 border-b border-line hover:bg-hover has-[a:focus-visible]:bg-hover`}>
        <div role="cell" className="min-w-0">
          <div className="flex min-w-0 items-center gap-2">
            {broken ? (
              <span className="flex min-w-0 items-center gap-1.5 font-medium text-ink-2">
                <TriangleAlert className="size-3.5 shrink-0 text-failed" />
                <span className="truncate">{entry.name}</span>
              </span>
            ) : (
              // The link covers its row: a click anywhere that is not a control opens the workflow.
              <a href={href({ place: 'edit', workflowId: entry.id })} className="truncate font-medium after:absolute after:inset-0">
                {entry.name}
              </a>
            )}
            {entry.hasDraft ? <Badge tone="interrupted">{t(libraryText.draft)}</Badge> : null}
          </div>
          {broken ? (
            <p className="selectable relative truncate text-xs text-failed" title={entry.problem ?? undefined}>
              {entry.problem}
            </p>
          ) : (
            <p className="truncate text-xs text-ink-3" title={entry.path}>
              {entry.description === '' ? fileName(entry.path) : entry.description}
            </p>
          )}
        </div>
        <div role="cell" className="flex min-w-0 items-center gap-1 overflow-hidden">
          {entry.tags.slice(0, 3).map((tag) => (
            <Badge key={tag} className="truncate font-normal">
              {tag}
            </Badge>
          ))}
          {entry.tags.length > 3 ? <span className="text-xs text-ink-3">+{entry.tags.length - 3}</span> : null}
        </div>
        <div role="cell" className="text-right text-ink-2">
          {broken ? '' : f.number(entry.nodes)}
        </div>
        <div role="cell" className="min-w-0">
          {last === undefined ? (
            <span className="text-ink-3">{broken ? '' : t(libraryText.never)}</span>
          ) : (
            <a href={href({ place: 'run', runId: last.id })} className="relative flex min-w-0 items-center gap-2 hover:underline" title={f.dateTime(last.requestedAt)}>
              <StatusDot status={last.status} />
              <span className="truncate text-ink-2">
                {isTerminal(last.status) ? f.ago(last.requestedAt, now) : t(runStatusText[last.status])}
                {last.durationMs === null ? '' : ` · ${f.duration(last.durationMs)}`}
              </span>
              <span className="sr-only">{t(runStatusText[last.status])}</span>
            </a>
          )}
        </div>
        <div role="cell" className="relative">
          {broken ? null : <RunStrip runs={entry.lastRuns} />}
        </div>
        <div role="cell" className="min-w-0">
          {schedule === undefined ? null : <NextRunLink schedule={schedule} now={now} allPaused={allPaused} />}
        </div>
        <div role="cell" className="truncate text-ink-2" title={f.dateTime(entry.modifiedAt)}>
          {f.ago(entry.modifiedAt, now)}
        </div>
        <div role="cell" className="relative flex justify-end gap-0.5">
          {broken ? null : <IconButton label={t(libraryText.run)} icon={<Play />} onClick={() => void runEntry(entry)} className="opacity-60 group-hover:opacity-100 focus-visible:opacity-100" />}
          <DropdownMenu entries={menu}>
            <IconButtonTrigger label={t(common.more)} />
          </DropdownMenu>
        </div>
      </div>
    </ContextMenu>
  );
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** A menu's button has no tooltip of its own: two layers on one trigger fight for it. */
function IconButtonTrigger({ label, ...rest }: { readonly label: string }) {
  return (
    <button type="button" {...rest} aria-label={label} className="grid size-7 place-items-center rounded-md text-ink-2 opacity-60 group-hover:opacity-100 hover:bg-active focus-visible:opacity-100 data-[state=open]:bg-active data-[state=open]:opacity-100">
      <MoreHorizontal className="size-4" />
    </button>
  );
}
