type Wanted = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

const SAID: Readonly<Record<Wanted, readonly [en: string, zh: string]>> = {
  value: ['a value is expected', '此处应为一个值'],
  valueOrEnd: ['a value or “]” is expected', '此处应为一个值或“]”'],
  name: ['a name in double quotes is expected', '此处应为双引号中的名称'],
  nameOrEnd: ['a name in double quotes or “}” is expected', '此处应为双引号中的名称或“}”'],
  colon: ['“:” is expected', '此处应为“:”'],
  commaOrEnd: ['“,” or a closing bracket is expected', '此处应为“,”或右括号'],
  nothing: ['the text goes on after its end', '内容结束后仍有多余文本'],
};
const ENDS_EARLY = ['the text ends too early', '内容提前结束'] as const;

const SPACE = /[ \t\n\r]*/y;
const TOKEN = /[{}[\],:]|"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/** Where a text stops being JSON and what should stand there. Asked only after JSON.parse refused: engines word and place it differently. */
export function jsonError(text: string): { readonly offset: number; readonly reason: readonly [en: string, zh: string] } {
  const open: string[] = [];
  let wanted: Wanted = 'value';
  let offset = 0;
  for (;;) {
    SPACE.lastIndex = offset;
    SPACE.exec(text);
    offset = SPACE.lastIndex;
    if (offset >= text.length) return { offset, reason: ENDS_EARLY };
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0] ?? '';
    const next = after(wanted, token, open);
    if (next === null) return { offset, reason: SAID[wanted] };
    wanted = next;
    offset += token.length;
  }
}

/** What may follow `token`, or null where it may not stand. Keeps the open brackets. */
function after(wanted: Wanted, token: string, open: string[]): Wanted | null {
  const closed = (): Wanted => {
    open.pop();
    return open.length === 0 ? 'nothing' : 'commaOrEnd';
  };
  if (token === '') return null;
  if (wanted === 'value' || wanted === 'valueOrEnd') {
    if (token === '{' || token === '[') {
      open.push(token);
      return token === '{' ? 'nameOrEnd' : 'valueOrEnd';
    }
    if (token === ']' && wanted === 'valueOrEnd') return closed();
    if ('}],:'.includes(token)) return null;
    return open.length === 0 ? 'nothing' : 'commaOrEnd';
  }
  if (wanted === 'name' || wanted === 'nameOrEnd') {
    if (token === '}' && wanted === 'nameOrEnd') return closed();
    return token.startsWith('"') ? 'colon' : null;
  }
  if (wanted === 'colon') return token === ':' ? 'value' : null;
  if (wanted === 'nothing') return null;
  const inObject = open.at(-1) === '{';
  if (token === ',') return inObject ? 'name' : 'value';
  return token === (inObject ? '}' : ']') ? closed() : null;
}
