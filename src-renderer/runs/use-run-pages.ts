import type { RunFilter, RunRow } from '#shared/contract/runs';
import type { RunStatus } from '#shared/run/run';
import { keys } from '../app/queries.ts';
import { PAGE, usePages } from '../app/use-pages.ts';
import { client } from '../client/client.ts';

interface RunPages {
  readonly total: number | undefined;
  readonly counts: Partial<Readonly<Record<RunStatus, number>>>;
  readonly error: Error | null;
  /** undefined where the row has not come yet. */
  readonly row: (index: number) => RunRow | undefined;
}

/** The list of runs, fetched page by page for what is in view (`first` to `last`), so that its length does not matter. */
export function useRunPages(filter: RunFilter, first: number, last: number): RunPages {
  const { head, error, row } = usePages<RunRow, Awaited<ReturnType<typeof client.runs.list>>>([...keys.runs, 'page', filter], (offset) => client.runs.list({ filter, offset, limit: PAGE }), first, last);
  return { total: head?.total, counts: head?.counts ?? {}, error, row };
}
