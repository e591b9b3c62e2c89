import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Json, JsonObject } from '#shared/json';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton, Segments, Textarea } from '../ui/index.ts';
import { readable } from './json.tsx';
import { isObject, textOf } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

/** What was typed in a cell, as JSON: numbers, true, false and null mean themselves, all else is text. */
export function cellValue(text: string): Json {
  if (text === '') return null;
  if (text === 'true' || text === 'false' || text === 'null') return JSON.parse(text) as Json;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** A block from a spreadsheet's clipboard: lines of cells between tabs. */
export const readBlock = (text: string): readonly (readonly string[])[] => text.replace(/\r?\n$/, '').split(/\r?\n/).map((line) => line.split('\t'));

/** The rows as a table can show them; null where they are something else (text, bare values of mixed kinds). */
export function tableOf(value: Json | undefined): { readonly columns: readonly string[]; readonly rows: readonly JsonObject[]; readonly scalars: boolean } | null {
  if (value === undefined) return { columns: ['value'], rows: [], scalars: true };
  if (!Array.isArray(value)) return null;
  const items: readonly Json[] = value;
  if (items.every((item) => isObject(item))) return { columns: [...new Set(items.flatMap((item) => Object.keys(item)))], rows: items, scalars: false };
  return items.some((item) => typeof item === 'object' && item !== null) ? null : { columns: ['value'], rows: items.map((item) => ({ value: item })), scalars: true };
}

/** Rows typed or pasted: a small spreadsheet, or text in JSON or CSV. */
export function RowsWidget({ id, value, onChange, invalid }: WidgetProps<'rows'>) {
  const { t } = useText();
  const table = tableOf(value);
  const [mode, setMode] = useState<'table' | 'text'>(table === null ? 'text' : 'table');
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: Json | undefined } | null>(null);
  const text = typed !== null && typed.value === value ? typed.text : typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2);
  const shown = table === null ? 'text' : mode;
  return (
    <div className="flex flex-col gap-2">
      <Segments label={t(words.table)} value={shown} onValue={setMode} options={[{ value: 'table', label: t(words.table) }, { value: 'text', label: t(words.text) }]} />
      {shown === 'table' && table !== null ? (
        <Grid id={id} columns={table.columns} rows={table.rows} scalars={table.scalars} onChange={onChange} />
      ) : (
        <Textarea
          id={id}
          aria-invalid={invalid}
          rows={8}
          className="font-mono text-xs"
          placeholder={t(words.rowsText)}
          value={text}
          onChange={(event) => {
            const next = event.target.value;
            // A JSON array is kept as rows; anything else (CSV) as the text it is.
            const read = next.trim() === '' ? undefined : next.trimStart().startsWith('[') && readable(next) ? (JSON.parse(next) as Json) : next;
            setTyped({ text: next, value: read });
            onChange(read);
          }}
        />
      )}
    </div>
  );
}

interface GridProps {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: readonly JsonObject[];
  readonly scalars: boolean;
  readonly onChange: (value: Json | undefined) => void;
}
const MOST = 200;

function Grid({ id, columns, rows, scalars, onChange }: GridProps) {
  const { t, f } = useText();
  const put = (next: readonly JsonObject[], names: readonly string[] = columns): void => {
    if (next.length === 0) onChange(undefined);
    else onChange(scalars && names.length === 1 && names[0] === 'value' ? next.map((row) => row['value'] ?? null) : next.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]))));
  };
  const set = (row: number, block: readonly (readonly string[])[], column: number): void => {
    const width = Math.max(...block.map((line) => line.length));
    const names = [...columns];
    while (names.length < column + width) names.push(`column${String(names.length + 1)}`);
    const next = [...rows];
    block.forEach((line, dy) => {
      next[row + dy] = { ...next[row + dy], ...Object.fromEntries(line.map((cell, dx) => [names[column + dx] ?? '', cellValue(cell)])) };
    });
    put(next, names);
  };
  const rename = (index: number, name: string): void => {
    if (name === '' || columns.includes(name)) return;
    const old = columns[index] ?? '';
    put(rows.map((row) => Object.fromEntries(columns.map((column) => [column === old ? name : column, row[column] ?? null]))), columns.with(index, name));
  };
  const cellClass = 'w-full min-w-16 bg-transparent px-1.5 py-1 text-xs outline-none focus:bg-accent-soft';
  return (
    <div className="flex flex-col gap-1.5">
      <div className="max-h-72 overflow-auto rounded-md border border-line-strong">
        <table className="w-full border-collapse">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {columns.map((column, index) => (
                <th key={index} className="border-r border-b border-line p-0 text-left font-medium">
                  <input aria-label={t(words.columnName)} className={`${cellClass} font-medium`} defaultValue={column} key={column} onBlur={(event) => rename(index, event.target.value)} onKeyDown={(event) => (event.key === 'Enter' ? event.currentTarget.blur() : undefined)} />
                </th>
              ))}
              <th className="w-7 border-b border-line p-0">
                <IconButton size="sm" label={t(words.addColumn)} icon={<Plus />} onClick={() => put(rows.length === 0 ? [{}] : rows, [...columns, `column${String(columns.length + 1)}`])} />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST).map((row, at) => (
              <tr key={at}>
                {columns.map((column, index) => (
                  <td key={index} className="border-r border-b border-line p-0">
                    <input
                      id={at === 0 && index === 0 ? id : undefined}
                      aria-label={`${column} ${String(at + 1)}`}
                      className={cellClass}
                      value={textOf(row[column])}
                      onChange={(event) => set(at, [[event.target.value]], index)}
                      onPaste={(event) => {
                        const block = readBlock(event.clipboardData.getData('text'));
                        if (block.length < 2 && (block[0]?.length ?? 0) < 2) return;
                        event.preventDefault();
                        set(at, block, index);
                      }}
                    />
                  </td>
                ))}
                <td className="border-b border-line p-0">
                  <IconButton size="sm" label={t(words.removeRow)} icon={<X />} onClick={() => put(rows.toSpliced(at, 1))} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex items-center justify-between">
        <Button size="sm" icon={<Plus />} onClick={() => put([...rows, Object.fromEntries(columns.map((column) => [column, null]))])}>
          {t(words.addRow)}
        </Button>
        <span className="text-xs text-ink-3">{rows.length > MOST ? `${f.number(MOST)} / ${f.number(rows.length)}` : t(words.pasteHint)}</span>
      </div>
    </div>
  );
}
