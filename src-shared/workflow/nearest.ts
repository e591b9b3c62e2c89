/** Optimal string alignment: insertions, deletions, replacements and swapped neighbours, each costing one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The known name that `word` was probably meant to be, or null: at most a third of its letters, and never more than four, differ. */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > 100) return null;
  const wanted = word.toLowerCase();
  const most = Math.min(4, Math.max(1, Math.floor(wanted.length / 3)));
  let best: { readonly name: string; readonly far: number } | null = null;
  for (const name of known) {
    if (Math.abs(name.length - wanted.length) > most) continue;
    const far = distance(wanted, name.toLowerCase());
    if (far <= most && (best === null || far < best.far)) best = { name, far };
  }
  return best?.name ?? null;
}
