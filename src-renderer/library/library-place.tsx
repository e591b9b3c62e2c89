import { ArrowDown, ArrowUp, FileInput, Plus, SearchX } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { LibraryEntry } from '#shared/contract/workflows';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { useLibrary, useSchedules } from '../app/queries.ts';
import { commandOf } from '../commands/list.ts';
import { runCommand } from '../commands/registry.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { nextOfWorkflows } from '../schedules/list.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SearchInput } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { deleteEntry } from './actions.ts';
import { LibraryRow, libraryGrid } from './library-row.tsx';
import { LibraryWelcome } from './library-welcome.tsx';
import { arrange } from './sort.ts';
import type { SortKey, Sorting } from './sort.ts';
import { libraryText } from './text.ts';

const EVERY = 'all';

/** Every workflow file of the folder: what it is, how its last runs went, and what can be done with it. */
export function LibraryPlace() {
  const { t, f } = useText();
  const library = useLibrary();
  const schedules = useSchedules();
  const next = useMemo(() => nextOfWorkflows(schedules.data?.schedules ?? []), [schedules.data]);
  const [search, setSearch] = useState('');
  const [tag, setTag] = useState<string>(EVERY);
  const [sorting, setSorting] = useState<Sorting>({ key: 'modified', descending: true });
  const [deleting, setDeleting] = useState<LibraryEntry | null>(null);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const wanted = useDeferredValue(search);
  const entries = library.data;
  const tags = useMemo(() => [...new Set(entries?.flatMap((entry) => entry.tags))].toSorted(f.compare), [entries, f]);
  const shown = useMemo(() => arrange(entries ?? [], wanted, tag === EVERY ? null : tag, sorting, f.compare), [entries, wanted, tag, sorting, f]);

  if (library.error !== null && entries === undefined) {
    return (
      <PlaceFrame title={t(libraryText.title)}>
        <Failure title={t(libraryText.failed)} thrown={library.error}>
          <Button variant="primary" onClick={() => void library.refetch()}>
            {t(common.retry)}
          </Button>
        </Failure>
      </PlaceFrame>
    );
  }
  const actions = (
    <>
      <Tooltip text={t(libraryText.import)} keys={commandOf('file.import').keys}>
        <Button icon={<FileInput />} onClick={() => runCommand('file.import')}>
          {t(libraryText.import)}
        </Button>
      </Tooltip>
      <Tooltip text={t(libraryText.new)} keys={commandOf('file.new').keys}>
        <Button variant="primary" icon={<Plus />} onClick={() => runCommand('file.new')}>
          {t(libraryText.new)}
        </Button>
      </Tooltip>
    </>
  );
  if (entries !== undefined && entries.length === 0) {
    return (
      <PlaceFrame title={t(libraryText.title)} actions={actions}>
        <LibraryWelcome />
      </PlaceFrame>
    );
  }
  return (
    <PlaceFrame
      title={t(libraryText.title)}
      aside={entries === undefined ? null : <span className="text-sm text-ink-3">{t(libraryText.count, entries.length)}</span>}
      actions={actions}
      toolbar={
        <>
          <SearchInput value={search} onValue={setSearch} label={t(libraryText.search)} clearLabel={t(common.clear)} className="w-72" />
          {tags.length === 0 ? null : <Select value={tag} onValue={setTag} label={t(libraryText.tags)} className="min-w-32" options={[{ value: EVERY, label: t(libraryText.allTags) }, ...tags.map((one) => ({ value: one, label: one }))]} />}
        </>
      }
    >
      {entries !== undefined && shown.length === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={t(libraryText.noneMatch)}
          actions={
            <Button
              onClick={() => {
                setSearch('');
                setTag(EVERY);
              }}
            >
              {t(libraryText.clearSearch)}
            </Button>
          }
        />
      ) : (
        <div role="table" aria-label={t(libraryText.title)} className="min-h-0 flex-1 overflow-auto">
          <LibraryHeader sorting={sorting} onSort={setSorting} />
          <div role="rowgroup">
            {shown.map((entry) => (
              <LibraryRow key={`${entry.id} ${entry.path}`} entry={entry} now={now} schedule={next.get(entry.id)} allPaused={schedules.data?.allPaused != null} onDelete={setDeleting} />
            ))}
          </div>
        </div>
      )}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={t(libraryText.deleteTitle, deleting?.name ?? '')}
        description={t(libraryText.deleteHelp)}
        confirmLabel={t(libraryText.delete)}
        danger
        onConfirm={() => {
          if (deleting !== null) void deleteEntry(deleting);
          setDeleting(null);
        }}
      />
    </PlaceFrame>
  );
}

interface LibraryHeaderProps {
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

function LibraryHeader({ sorting, onSort }: LibraryHeaderProps) {
  const { t } = useText();
  const sortable = (key: SortKey, text: string) => {
    const chosen = sorting.key === key;
    return (
      <div role="columnheader" aria-sort={chosen ? (sorting.descending ? 'descending' : 'ascending') : 'none'}>
        <button type="button" onClick={() => onSort({ key, descending: chosen ? !sorting.descending : key !== 'name' })} className="-mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-ink">
          {text}
          {chosen ? sorting.descending ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" /> : null}
        </button>
      </div>
    );
  };
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div role="row" className={`${libraryGrid} h-8 border-b border-line text-xs font-medium text-ink-3`}>
        {sortable('name', t(libraryText.name))}
        <div role="columnheader">{t(libraryText.tags)}</div>
        <div role="columnheader" className="text-right">
          {t(libraryText.nodes)}
        </div>
        {sortable('lastRun', t(libraryText.lastRun))}
        <div role="columnheader">{t(libraryText.lastRuns)}</div>
        <div role="columnheader">{t(libraryText.nextRun)}</div>
        {sortable('modified', t(libraryText.modified))}
        <div role="columnheader" aria-label={t(libraryText.actions)} />
      </div>
    </div>
  );
}
