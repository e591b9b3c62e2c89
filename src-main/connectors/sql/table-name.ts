import { StudioError } from '#shared/errors';

const PART = /\s*(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]|([^\s."`[\]][^."`[\]]*?))\s*(?:\.|$)/y;

/** The parts of `table`, `schema.table` or `database.schema.table`, each with or without quotes. Throws node_failed for the field `table`. */
export function tableParts(table: string): readonly string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < table.length) {
    PART.lastIndex = at;
    const found = PART.exec(table);
    if (found === null) break;
    parts.push(found[1]?.replaceAll('""', '"') ?? found[2]?.replaceAll('``', '`') ?? found[3] ?? found[4] ?? '');
    at += found[0].length;
  }
  if (at < table.length || parts.length === 0 || parts.length > 3 || table.trimEnd().endsWith('.') || parts.some((part) => part.includes('\0')))
    throw new StudioError('node_failed', `“${table}” is not the name of a table.`, { place: 'table', remedy: 'Write table or schema.table; put a name that holds a dot in double quotes.' });
  return parts;
}
