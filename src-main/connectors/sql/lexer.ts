/** Whose SQL a query is written in: what is a string, a name and a comment differs. */
export const SQL_DIALECTS = ['postgresql', 'mysql', 'sqlite', 'duckdb'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** A piece of a query: text that stays, a `:name`, a placeholder of the database's own, or the end of a statement. `at` counts letters from 0. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly at: number }
  | { readonly kind: 'placeholder'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

const LINE_COMMENT = /--[^\n]*/y;
const FLAT_COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y;
const QUOTED = /'(?:[^']|'')*(?:'|$)/y;
const QUOTED_NAME = /"(?:[^"]|"")*(?:"|$)/y;
const TICKED = /`(?:[^`]|``)*(?:`|$)/y;
const DOLLAR_QUOTED = /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)/y;
const ESCAPED = /[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y;

/** What a colon is not the start of a parameter in. An unclosed one goes to the end: the database will say so. */
const OPAQUE: { readonly [D in SqlDialect]: readonly RegExp[] } = {
  postgresql: [ESCAPED, QUOTED, QUOTED_NAME, LINE_COMMENT, DOLLAR_QUOTED, /::|:=/y],
  duckdb: [ESCAPED, QUOTED, QUOTED_NAME, LINE_COMMENT, DOLLAR_QUOTED, /::|:=/y],
  mysql: [/'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/y, /"(?:[^"\\]|""|\\[\s\S])*(?:"|$)/y, TICKED, /--(?=\s|$)[^\n]*/y, /#[^\n]*/y, FLAT_COMMENT, /:=/y],
  sqlite: [QUOTED, QUOTED_NAME, TICKED, /\[[^\]]*(?:\]|$)/y, LINE_COMMENT, FLAT_COMMENT, /::/y],
};
/** Comments within comments. */
const NESTS: ReadonlySet<SqlDialect> = new Set(['postgresql', 'duckdb']);
/** What the database itself would take for a value to be bound. */
const PLACEHOLDER: { readonly [D in SqlDialect]: RegExp } = {
  postgresql: /\$\d+/y,
  duckdb: /\?\d*|\$\w+/y,
  mysql: /\?/y,
  sqlite: /\?\d*|[@$]\w+|:\d+/y,
};
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff$]*/y;
const PARAMETER = /:([A-Za-z_]\w*)/y;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** The length of the comment that starts at `at`, with those that it holds; 0 where none starts. */
function nestedComment(text: string, at: number): number {
  if (!text.startsWith('/*', at)) return 0;
  let depth = 0;
  for (const mark of text.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.index + 2;
  }
  return text.length - at;
}

const opaqueAt = (dialect: SqlDialect, text: string, at: number): string => {
  const nested = NESTS.has(dialect) ? nestedComment(text, at) : 0;
  if (nested > 0) return text.slice(at, at + nested);
  for (const pattern of OPAQUE[dialect]) {
    const found = match(pattern, text, at);
    if (found !== null) return found[0];
  }
  return '';
};

/**
 * Takes a query apart. A colon right behind a word, number, quote or bracket belongs to a slice, a struct or a cast, so `list[1:n]` and
 * `{'a':b}` have no parameter.
 */
export function pieces(query: string, dialect: SqlDialect): readonly Piece[] {
  const found: Piece[] = [];
  let text = '';
  let at = 0;
  const keep = (more: string): void => {
    text += more;
    at += more.length;
  };
  const push = (piece: Piece, length: number): void => {
    if (text !== '') found.push({ kind: 'text', text, at: at - text.length });
    text = '';
    found.push(piece);
    at += length;
  };
  while (at < query.length) {
    const opaque = opaqueAt(dialect, query, at);
    const word = opaque === '' ? match(WORD, query, at) : null;
    const own = opaque === '' ? match(PLACEHOLDER[dialect], query, at) : null;
    const parameter = /[\w'")\]}]/.test(query[at - 1] ?? '') ? null : match(PARAMETER, query, at);
    if (opaque !== '') keep(opaque);
    else if (word !== null) keep(word[0]);
    else if (parameter !== null) push({ kind: 'parameter', name: parameter[1] ?? '', at }, parameter[0].length);
    else if (own !== null) push({ kind: 'placeholder', text: own[0], at }, own[0].length);
    else if (query[at] === ';') push({ kind: 'end', at }, 1);
    else keep(query[at] ?? '');
  }
  if (text !== '') found.push({ kind: 'text', text, at: at - text.length });
  return found;
}

/** Is it nothing but spaces and comments? */
export const isBlank = (text: string, dialect: SqlDialect): boolean => {
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) at += 1;
    else if (/^(?:--|\/\*|#)/.test(text.slice(at, at + 2))) {
      const comment = opaqueAt(dialect, text, at);
      if (comment === '') return false;
      at += comment.length;
    } else return false;
  }
  return true;
};
