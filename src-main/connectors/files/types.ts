/** A type of the engine's, taken apart. */
export type Type =
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'decimal'; readonly width: number; readonly scale: number }
  | { readonly kind: 'list'; readonly item: Type }
  | { readonly kind: 'array'; readonly item: Type; readonly size: number }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: Type }[] }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'union'; readonly text: string }
  | { readonly kind: 'enum'; readonly text: string };

/** The parts between commas that no bracket and no quote encloses. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '(' || sign === '[') depth += 1;
    else if (sign === ')' || sign === ']') depth -= 1;
    else if (sign === ',' && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  found.push(text.slice(from).trim());
  return found;
}

function field(text: string): { readonly name: string; readonly type: Type } {
  const quoted = /^"((?:[^"]|"")*)"\s+/.exec(text);
  if (quoted !== null) return { name: (quoted[1] ?? '').replaceAll('""', '"'), type: parseType(text.slice(quoted[0].length)) };
  const space = text.indexOf(' ');
  return { name: text.slice(0, space), type: parseType(text.slice(space + 1)) };
}

/** Takes a type's text apart, as DESCRIBE and the border write it. */
export function parseType(text: string): Type {
  const whole = text.trim();
  const list = /^([\s\S]*)\[(\d*)\]$/.exec(whole);
  if (list !== null) {
    const item = parseType(list[1] ?? '');
    return list[2] === '' ? { kind: 'list', item } : { kind: 'array', item, size: Number(list[2]) };
  }
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(whole);
  if (decimal !== null) return { kind: 'decimal', width: Number(decimal[1]), scale: Number(decimal[2]) };
  const nested = /^(STRUCT|MAP|UNION|ENUM)\(([\s\S]*)\)$/.exec(whole);
  const inner = nested?.[2] ?? '';
  if (nested?.[1] === 'STRUCT') return { kind: 'struct', fields: parts(inner).map(field) };
  if (nested?.[1] === 'UNION') return { kind: 'union', text: whole };
  if (nested?.[1] === 'ENUM') return { kind: 'enum', text: whole };
  if (nested?.[1] === 'MAP') {
    const [key = 'VARCHAR', value = 'VARCHAR'] = parts(inner);
    return { kind: 'map', key: parseType(key), value: parseType(value) };
  }
  return { kind: 'plain', name: whole };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The text of a type, as SQL takes it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'plain': return type.name;
    case 'decimal': return `DECIMAL(${type.width},${type.scale})`;
    case 'list': return `${typeText(type.item)}[]`;
    case 'array': return `${typeText(type.item)}[${type.size}]`;
    case 'struct': return `STRUCT(${type.fields.map(({ name, type: inner }) => `${quoted(name)} ${typeText(inner)}`).join(', ')})`;
    case 'map': return `MAP(${typeText(type.key)}, ${typeText(type.value)})`;
    case 'union': case 'enum': break;
  }
  return type.text;
}

/** The type with its leaves replaced. */
export function mapLeaves(type: Type, change: (leaf: Type) => Type): Type {
  switch (type.kind) {
    case 'list': return { kind: 'list', item: mapLeaves(type.item, change) };
    case 'array': return { ...type, item: mapLeaves(type.item, change) };
    case 'struct': return { kind: 'struct', fields: type.fields.map(({ name, type: inner }) => ({ name, type: mapLeaves(inner, change) })) };
    case 'map': return { kind: 'map', key: mapLeaves(type.key, change), value: mapLeaves(type.value, change) };
    case 'plain': case 'decimal': case 'union': case 'enum': break;
  }
  return change(type);
}
