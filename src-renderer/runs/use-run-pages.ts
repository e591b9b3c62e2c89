import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { RunFilter, RunRow } from '#shared/contract/runs';
import type { RunStatus } from '#shared/run/run';
import { keys } from '../app/queries.ts';
import { client } from '../client/client.ts';

const PAGE = 100;

interface RunPages {
  readonly total: number | undefined;
  readonly counts: Partial<Readonly<Record<RunStatus, number>>>;
  readonly error: Error | null;
  /** undefined where the row has not come yet. */
  readonly row: (index: number) => RunRow | undefined;
}

/** The list of runs, fetched page by page for what is in view (`first` to `last`), so that its length does not matter. */
export function useRunPages(filter: RunFilter, first: number, last: number): RunPages {
  const page = (number: number) => ({
    queryKey: [...keys.runs, 'page', filter, number],
    queryFn: () => client.runs.list({ filter, offset: number * PAGE, limit: PAGE }),
  });
  const head = useQuery({ ...page(0), placeholderData: keepPreviousData });
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, last) / PAGE);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((number) => number > 0);
  const rest = useQueries({ queries: numbers.map(page) });
  return {
    total: head.data?.total,
    counts: head.data?.counts ?? {},
    error: head.error,
    row: (index) => {
      const number = Math.floor(index / PAGE);
      const data = number === 0 ? head.data : rest[numbers.indexOf(number)]?.data;
      return data?.rows[index % PAGE];
    },
  };
}
