/** A value as an error shows it: at most 60 letters of it. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Names of a result's columns, each once: a second `id` is `id:1`, as DuckDB calls it. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 1; taken.has(free.toLowerCase()); number += 1) free = `${name}:${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
