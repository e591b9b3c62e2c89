import { errorSentence, toErrorInfo } from '#shared/errors';

/** What could be read next, or positions that could not. */
export type Step<T> = { readonly rows: readonly T[] } | { readonly from: number; readonly to: number; readonly reason: string };

const PAGE = 500;
const FEW = 32;

/**
 * Everything from position `first` to `last`, in order; what cannot be read is stepped over and named. `read` answers rows from a position on
 * ("from", not "after": the first whole one past the damage is then found) and throws where its way leads over a damaged page.
 */
export function* stepping<T extends { readonly position: number }>(last: number, read: (from: number, limit: number) => readonly T[], first = 1): Generator<Step<T>, void, undefined> {
  let next = first;
  let size = PAGE;
  let lost: { readonly from: number; readonly reason: string } | null = null;
  while (next <= last) {
    let rows: readonly T[];
    try {
      rows = read(next, size);
    } catch (thrown) {
      // One by one up to the damage, then past it; at the first row that can be read again, pages again.
      if (size > 1) size = size > FEW ? FEW : 1;
      else {
        lost ??= { from: next, reason: errorSentence(toErrorInfo(thrown)) };
        next += 1;
      }
      continue;
    }
    if (lost !== null) yield { from: lost.from, to: next - 1, reason: lost.reason };
    lost = null;
    if (rows.length > 0) yield { rows };
    const end = rows.at(-1);
    if (end === undefined || rows.length < size) return;
    next = end.position + 1;
    size = size === 1 ? FEW : PAGE;
  }
  if (lost !== null) yield { from: lost.from, to: last, reason: lost.reason };
}
