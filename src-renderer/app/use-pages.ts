import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';

/** Rows a page. */
export const PAGE = 100;

interface Pages<Row, Answer> {
  /** The first page: what is said of the whole list stands in it. */
  readonly head: Answer | undefined;
  readonly error: Error | null;
  /** undefined where the row has not come yet. */
  readonly row: (index: number) => Row | undefined;
}

/** A list fetched page by page for what is in view (`first` to `last`), so that its length does not matter. `key` names the list. */
export function usePages<Row, Answer extends { readonly rows: readonly Row[] }>(key: readonly unknown[], fetchFrom: (offset: number) => Promise<Answer>, first: number, last: number): Pages<Row, Answer> {
  const page = (number: number) => ({ queryKey: [...key, number], queryFn: () => fetchFrom(number * PAGE) });
  const head = useQuery({ ...page(0), placeholderData: keepPreviousData });
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, last) / PAGE);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((number) => number > 0);
  const rest = useQueries({ queries: numbers.map(page) });
  return {
    head: head.data,
    error: head.error,
    row: (index) => {
      const number = Math.floor(index / PAGE);
      return (number === 0 ? head.data : rest[numbers.indexOf(number)]?.data)?.rows[index % PAGE];
    },
  };
}
