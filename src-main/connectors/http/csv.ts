import { StudioError } from '#shared/errors';

/** The sign among the usual four that the first line holds most often. */
function sniffed(line: string): string {
  const signs = [',', ';', '\t', '|'].map((sign) => ({ sign, times: line.split(sign).length }));
  return signs.toSorted((a, b) => b.times - a.times)[0]?.sign ?? ',';
}

const wrong = (message: string): StudioError => new StudioError('node_failed', message, { place: 'format', remedy: 'Take the answer as text to see it.' });

/** Rows of CSV as RFC 4180 has it, one after the other; an empty field that is not quoted is NULL. */
function* fields(text: string, delimiter: string): Generator<readonly (string | null)[]> {
  let row: (string | null)[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    if (text[at] === '"') {
      let end = at + 1;
      for (;;) {
        end = text.indexOf('"', end);
        if (end < 0) throw wrong(`Line ${line.toLocaleString('en')} of the answer opens a quote that is never closed.`);
        if (text[end + 1] !== '"') break;
        end += 2;
      }
      const field = text.slice(at + 1, end);
      line += field.split('\n').length - 1;
      row.push(field.replaceAll('""', '"'));
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
      row.push(end === at ? null : text.slice(at, end));
      at = end;
    }
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) row.push(null);
      continue;
    }
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') throw wrong(`Line ${line.toLocaleString('en')} of the answer goes on after a closing quote.`);
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    at += 1;
    line += 1;
    if (row.length > 1 || row[0] !== null) yield row;
    row = [];
  }
  if (row.length > 0) yield row;
}

/** Rows of a CSV text with a header line, by name. Throws node_failed where a row has more or fewer fields than the header. */
export function* csvRecords(text: string): Generator<{ readonly [key: string]: string | null }> {
  let names: readonly string[] | null = null;
  let count = 0;
  for (const row of fields(text, sniffed(text.split(/\r?\n/, 1)[0] ?? ''))) {
    if (names === null) {
      names = row.map((name, index) => name ?? `column${index + 1}`);
      continue;
    }
    count += 1;
    if (row.length !== names.length) throw wrong(`Row ${count.toLocaleString('en')} of the answer has ${row.length} fields, the header has ${names.length}.`);
    yield Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]));
  }
}
