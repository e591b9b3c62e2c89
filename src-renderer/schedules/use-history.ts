import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { OccurrenceRow } from '#shared/contract/schedules';
import { ScheduleId } from '#shared/ids';
import { keys } from '../app/queries.ts';
import { client } from '../client/client.ts';

const PAGE = 100;
/** The contract's most, and how many such pages a calendar asks for. */
const LARGE = 1000;
const MOST_PAGES = 4;

export interface HistoryFilter {
  readonly schedule: string | undefined;
  /** None is all. */
  readonly outcomes: readonly OccurrenceRow['outcome'][];
}

interface HistoryPages {
  readonly total: number | undefined;
  readonly error: Error | null;
  /** undefined where the row has not come yet. */
  readonly row: (index: number) => OccurrenceRow | undefined;
}

/** What became of occurrences, newest first, fetched page by page for what is in view. */
export function useHistory({ schedule, outcomes }: HistoryFilter, first: number, last: number): HistoryPages {
  const asked = { ...(schedule === undefined ? {} : { scheduleId: ScheduleId.parse(schedule) }), ...(outcomes.length === 0 ? {} : { outcomes: [...outcomes] }) };
  const page = (number: number) => ({
    queryKey: [...keys.schedules, 'history', asked, number],
    queryFn: () => client.schedules.history({ ...asked, offset: number * PAGE, limit: PAGE }),
  });
  const head = useQuery({ ...page(0), placeholderData: keepPreviousData });
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, last) / PAGE);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((number) => number > 0);
  const rest = useQueries({ queries: numbers.map(page) });
  return {
    total: head.data?.total,
    error: head.error,
    row: (index) => {
      const number = Math.floor(index / PAGE);
      return (number === 0 ? head.data : rest[numbers.indexOf(number)]?.data)?.rows[index % PAGE];
    },
  };
}

/** The newest that became of occurrences in a time; `more`: there are older ones in it. */
export const usePast = (from: number, to: number) =>
  useQuery({
    queryKey: [...keys.schedules, 'past', from, to],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const rows: OccurrenceRow[] = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const found = await client.schedules.history({ from, to, offset: page * LARGE, limit: LARGE });
        rows.push(...found.rows);
        if (rows.length >= found.total || found.rows.length === 0) return { rows, more: false };
      }
      return { rows, more: true };
    },
  });
