/** A piece of a query: text that stays, or a `:name` or `$name`. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'parameter'; readonly name: string; readonly text: string };

/** What a colon or dollar sign is not the start of a parameter in: strings, quoted names, comments. */
const OPAQUE: readonly RegExp[] = [
  /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /--[^\n]*/y,
  /\/\*[\s\S]*?\*\//y,
  /\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/y,
  /::/y,
];
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff$]*/y;
const PARAMETER = /[:$]([A-Za-z_]\w*)/y;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/**
 * Takes a query apart at its parameters. A colon right behind a word, number, quote or bracket belongs to a slice, a struct or a cast,
 * so `list[1:n]` and `{'a':b}` have none.
 */
export function pieces(query: string): readonly Piece[] {
  const found: Piece[] = [];
  let text = '';
  let at = 0;
  while (at < query.length) {
    const parameter = /[\w'")\]}]/.test(query[at - 1] ?? '') ? null : match(PARAMETER, query, at);
    // A dollar-quoted string looks like a parameter at first, and E'…' like a word: strings are looked for before both.
    const opaque = OPAQUE.map((pattern) => match(pattern, query, at)).find((one) => one !== null) ?? match(WORD, query, at);
    if (opaque !== undefined && opaque !== null) {
      text += opaque[0];
      at += opaque[0].length;
    } else if (parameter !== null) {
      if (text !== '') found.push({ kind: 'text', text });
      found.push({ kind: 'parameter', name: parameter[1] ?? '', text: parameter[0] });
      text = '';
      at += parameter[0].length;
    } else {
      text += query[at] ?? '';
      at += 1;
    }
  }
  return text === '' ? found : [...found, { kind: 'text', text }];
}
