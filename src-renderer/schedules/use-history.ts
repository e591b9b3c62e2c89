import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { OccurrenceRow } from '#shared/contract/schedules';
import { ScheduleId } from '#shared/ids';
import { keys } from '../app/queries.ts';
import { PAGE, usePages } from '../app/use-pages.ts';
import { client } from '../client/client.ts';

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
  const fetchFrom = (offset: number) => client.schedules.history({ ...asked, offset, limit: PAGE });
  const { head, error, row } = usePages<OccurrenceRow, Awaited<ReturnType<typeof fetchFrom>>>([...keys.schedules, 'history', asked], fetchFrom, first, last);
  return { total: head?.total, error, row };
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
