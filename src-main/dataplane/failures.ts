import { basename } from 'node:path';
import { StudioError } from '#shared/errors';

const text = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
/** The sentence without DuckDB's kind before it and the drawing of the statement after it. */
const sentence = (message: string): string =>
  (message.split(/\n\s*\nLINE \d+:|\nLINE \d+:/)[0] ?? message).replace(/^[A-Z][A-Za-z-]*(?: [A-Z][a-z]+)* Error: /, '').replaceAll(/\s*\n\s*/g, ' ').trim();
/** The drawing quotes the statement, in which anything may stand. */
const withoutStatement = (message: string): string => message.split(/\n\s*LINE \d+:/)[0] ?? message;
const stop = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

interface Rule {
  readonly when: RegExp;
  readonly say: (found: RegExpExecArray, message: string) => StudioError;
}

const RETYPE = "Give the column the type VARCHAR in the node's “columns”, correct the line, or let the node skip or collect bad rows.";

function csvFailure(message: string): StudioError {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const file = /^\s*file\s*=\s*(.+)$/m.exec(message)?.[1]?.trim();
  const place = [file === undefined ? 'The CSV file' : basename(file), line === undefined ? undefined : `line ${line}`].filter(Boolean).join(', ');
  const more = { place, detail: message };
  const converted = /Error when converting column "(.*?)"\. Could not convert string "([\s\S]*?)" to '(.*?)'/.exec(message);
  if (converted !== null) return new StudioError('node_failed', `“${converted[2]}” in column ${converted[1]} is not a ${converted[3]}.`, { ...more, remedy: RETYPE });
  const ragged = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (ragged !== null)
    return new StudioError('node_failed', `The line has ${ragged[2]} fields where ${ragged[1]} were expected.`, { ...more, remedy: 'Correct the line, check delimiter and quote, or let the node skip or collect bad rows.' });
  if (/nicode|encod|utf-?8|utf-?16|latin/i.test(message.slice(0, 2000)) && /not |invalid/i.test(message))
    return new StudioError('node_failed', "The file's bytes don't fit the encoding it is read with.", { ...more, remedy: 'Choose the encoding the file was written in, such as latin1, utf-16 or gb18030.' });
  if (/quote/i.test(/^(.*?)(?:\n\s*\n|Possible)/s.exec(message)?.[1] ?? message))
    return new StudioError('node_failed', 'A quoted value does not end where it should.', { ...more, remedy: 'Correct the line, check delimiter and quote, or let the node skip or collect bad rows.' });
  if (/Maximum line size/i.test(message))
    return new StudioError('node_failed', 'A line is longer than 2 MB: a quote that is never closed, or a file that is not CSV.', { ...more, remedy: 'Check delimiter and quote.' });
  return new StudioError('node_failed', stop(sentence(message).slice(0, 300)), { ...more, remedy: 'Check delimiter, quote, encoding and columns.' });
}

/** What the reader of JSON says: where, and what is wrong there. */
function jsonFailure(message: string): StudioError | null {
  const file = /in file "([^"]+)"/.exec(message)?.[1];
  const spot = /in (line|record\/value) (\d+)/.exec(message);
  if (file === undefined || spot === null) return null;
  // A line that breaks off is noticed on the next one.
  const early = /unexpected end of data/.test(message);
  const line = Number(spot[2]) - (spot[1] === 'line' && /Malformed/.test(message) && !early ? 1 : 0);
  const place = `${basename(file)}, ${spot[1] === 'line' ? 'line' : 'object'} ${line}`;
  const more = { place, detail: message };
  if (/Malformed JSON/.test(message)) {
    return early
      ? new StudioError('node_failed', 'The JSON ends too early: an object or the array is not closed.', { ...more, remedy: 'Fetch or write the file again; a copy of it may not have been finished.' })
      : new StudioError('node_failed', 'There is no JSON here, or it is broken.', { ...more, remedy: 'Correct it; with one object a line the node may also skip or collect bad lines.' });
  }
  return new StudioError('node_failed', stop(`A value does not fit its column: ${/: ([^\n]*)/.exec(message.slice(message.indexOf(spot[0])))?.[1] ?? sentence(message)}`), { ...more, remedy: 'Give the column another type under “Types”, or let the node skip or collect bad lines.' });
}

const at = (path: string | undefined): { place?: string } => (path === undefined ? {} : { place: path });
const pathIn = (message: string): string | undefined => /[fF]ile "([^"]+)"/.exec(message)?.[1] ?? /(?:pattern|directory) "([^"]+)"/.exec(message)?.[1];

/** Read from the top: the first that matches speaks. */
const RULES: readonly Rule[] = [
  { when: /^(INTERRUPT|Interrupt).*|Interrupted!/, say: (_found, message) => new StudioError('cancelled', 'The run was cancelled.', { detail: message }) },
  {
    when: /No space left on device|ENOSPC|max_temp_directory_size|Disk quota exceeded/,
    say: (_found, message) => new StudioError('io', 'The disk is full.', { ...at(pathIn(message)), remedy: 'Free some space, or write to another disk. Nothing was left half-written.', detail: message }),
  },
  {
    when: /^Out of Memory Error/,
    say: (_found, message) =>
      new StudioError('node_failed', 'The work needed more memory than its limit.', { remedy: 'Raise the memory limit in the settings, or give the node fewer columns or groups.', detail: message }),
  },
  { when: /(?:Malformed JSON|JSON transform error) in file "/, say: (_found, message) => jsonFailure(message) ?? new StudioError('node_failed', stop(sentence(message)), { remedy: 'Check the file.', detail: message }) },
  { when: /CSV Error|CSV file|CSV Sniffer|sniffing/i, say: (_found, message) => csvFailure(message) },
  {
    when: /Is a directory|EISDIR|is a directory/,
    say: (_found, message) => new StudioError('io', 'A folder stands where a file was expected.', { ...at(pathIn(message)), remedy: 'Name a file, or a pattern such as folder/*.csv.', detail: message }),
  },
  {
    when: /No files found that match|No such file or directory|ENOENT/,
    say: (_found, message) => new StudioError('io', "The file or folder doesn't exist.", { ...at(pathIn(message)), remedy: 'Check the path; relative ones start at the folder of the workflow.', detail: message }),
  },
  {
    when: /Permission denied|EACCES|EPERM|Read-only file system|EROFS/,
    say: (_found, message) => new StudioError('permission', 'The system refuses access.', { ...at(pathIn(message)), remedy: 'Check the permissions of the file and its folder.', detail: message }),
  },
  {
    when: /^Permission Error/,
    say: (_found, message) =>
      new StudioError('permission', 'The workflow does not name this file, so it may not be touched.', { ...at(pathIn(message)), remedy: "Name it in a node's path.", detail: message }),
  },
  {
    when: /Could not convert string '([\s\S]*?)' to (\w+)/,
    say: (found, message) =>
      new StudioError('node_failed', `“${found[1]}” can't be turned into ${found[2]}.`, { remedy: 'Use TRY_CAST(… AS type), which gives NULL instead, or filter such rows out before.', detail: message }),
  },
  {
    when: /^Conversion Error|^Out of Range Error|Overflow/,
    say: (_found, message) => new StudioError('node_failed', stop(sentence(message)), { remedy: 'Use TRY_CAST(… AS type) or a wider type, or filter such rows out before.', detail: message }),
  },
  {
    when: /Referenced column "(.*?)" (?:was )?not found/,
    say: (found, message) => {
      const near = /Candidate bindings: (.*)/.exec(message)?.[1];
      return new StudioError('node_failed', `There is no column “${found[1]}”.`, { remedy: near === undefined ? "Use a column of the node's input." : `Did you mean ${near}?`, detail: message });
    },
  },
  {
    when: /Function with name (\S+) does not exist!\s*(?:Did you mean "(.*?)")?/,
    say: (found, message) =>
      new StudioError('node_failed', `There is no function ${found[1]}.`, { remedy: found[2] === undefined ? "Use one of DuckDB's functions." : `Did you mean ${found[2]}?`, detail: message }),
  },
  {
    when: /^(Binder|Catalog|Parser|Invalid Input|Not implemented|Invalid Type|Mismatch Type) Error/i,
    say: (_found, message) => new StudioError('node_failed', stop(sentence(message)), { remedy: "Check the node's settings against the columns of its input.", detail: message }),
  },
  { when: /^IO Error/, say: (_found, message) => new StudioError('io', stop(sentence(message)), { ...at(pathIn(message)), detail: message }) },
];

const isOurs = (thrown: unknown): thrown is StudioError => thrown instanceof Error && thrown.name === 'StudioError';

/** Turns what DuckDB or the system threw into a sentence with place, cause and remedy. What is a StudioError already stays one. */
export function explainFailure(thrown: unknown): StudioError {
  if (isOurs(thrown)) return thrown;
  const message = text(thrown);
  for (const rule of RULES) {
    const found = rule.when.exec(withoutStatement(message));
    if (found !== null) return rule.say(found, message);
  }
  return new StudioError('node_failed', stop(sentence(message) || 'The node failed'), { detail: thrown instanceof Error ? (thrown.stack ?? message) : message });
}

/** DuckDB's complaint about a field's SQL, naming the field. */
export function atField(thrown: unknown, field: string): StudioError {
  const found = explainFailure(thrown);
  return new StudioError(found.code, found.message, {
    place: found.place ?? field,
    ...(found.remedy === undefined ? {} : { remedy: found.remedy }),
    ...(found.detail === undefined ? {} : { detail: found.detail }),
  });
}
