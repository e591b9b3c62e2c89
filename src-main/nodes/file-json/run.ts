import { filesBehind } from '../../connectors/files/behind.ts';
import type { Found } from '../../connectors/files/behind.ts';
import { describing } from '../define.ts';
import type { Description, NodeContext } from '../define.ts';
import { failed, ident, nearest, text, typeName } from '../sql.ts';
import { asWanted, readAs, sound, soundSample } from './sound.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly format: 'auto' | 'array' | 'lines';
  readonly columns: Readonly<Record<string, string>>;
  readonly onBadRow: 'fail' | 'skip' | 'collect';
  readonly filename: boolean;
}

interface Shape {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Bare values instead of objects: one column. */
  readonly bare: boolean;
}

const FORMATS = { auto: 'auto', array: 'array', lines: 'newline_delimited' } as const;
/** Up to here every row is looked at for names and types; of more, so many rows. */
const WHOLE_BYTES = 64 * 2 ** 20;
const SAMPLE_ROWS = 200_000;
/** The longest object, as the engine has it. */
const LONGEST = 16 * 2 ** 20;

const listOf = (files: readonly Found[]): string => `[${files.map((file) => text(file.path)).join(', ')}]`;
const isLarge = (files: readonly Found[]): boolean => files.reduce((sum, file) => sum + file.bytes, 0) > WHOLE_BYTES;

/** The columns that the objects have, and their types. Looked at once as long as the files stay the same. */
async function shapeOf(files: readonly Found[], config: Config, context: NodeContext): Promise<Shape> {
  const lenient = config.onBadRow !== 'fail';
  const list = listOf(files);
  const sample = isLarge(files) ? SAMPLE_ROWS : -1;
  return context.remember(`json ${list} ${config.format} ${lenient}`, files.map((file) => file.stamp).join(), async () => {
    // The reader finds types with what it can read alone: of lines that may be bad, the sound ones are put aside for it.
    const sampled = lenient ? `[${text(await soundSample(files, sample, LONGEST, context))}]` : list;
    const format = lenient ? 'newline_delimited' : FORMATS[config.format];
    const columns = (await context.columns(`SELECT * FROM read_json(${sampled}, format = '${format}', union_by_name = true, sample_size = ${sample}, maximum_object_size = ${LONGEST})`)).map(({ name, type }) => ({ name, type }));
    if (columns.length !== 1 || columns[0]?.name !== 'json') return { columns, bare: false };
    // One column called `json` is what bare values become; or that is the objects' only key.
    const [first] = await context.query(`SELECT json_type(json) AS kind FROM read_json_objects(${sampled}, format = '${format}') LIMIT 1`);
    return { columns, bare: first !== undefined && first['kind'] !== 'OBJECT' };
  });
}

/** A type as it was given: also one with others in it, because it stands in a literal here. */
const givenType = (type: string, field: string): string => (/^(STRUCT|MAP)\([\w\s(),[\]"]+$/i.test(type.trim()) ? type.trim() : typeName(type, field));

/** The columns with the types that were asked for. */
function typed({ columns, bare }: Shape, wanted: Readonly<Record<string, string>>): Shape['columns'] {
  const shown = bare ? columns.map(({ type }) => ({ name: 'value', type })) : columns;
  for (const name of Object.keys(wanted)) {
    if (shown.some((column) => column.name === name)) continue;
    const near = nearest(name, shown.map((column) => column.name));
    throw failed(`columns.${name}`, `The objects have no key “${name}”.`, near === undefined ? `Their keys are: ${shown.slice(0, 20).map((column) => column.name).join(', ')}.` : `Did you mean “${near}”?`);
  }
  return shown.map(({ name, type }) => ({ name, type: wanted[name] === undefined ? type : givenType(wanted[name], `columns.${name}`) }));
}

const NO_BAD_LINES = 'SELECT NULL::VARCHAR AS file, NULL::BIGINT AS record, NULL::VARCHAR AS reason, NULL::VARCHAR AS text WHERE false';

export default describing<Config>({
  spec,
  fusing: () => 'source',
  files: ({ path }, { resolve }) => ({ reads: [resolve(path)] }),
  check: ({ format, onBadRow }) => (format === 'array' && onBadRow !== 'fail' ? [{ field: 'onBadRow', message: 'In one array a bad object can’t be passed over: where the next one begins is not known.', remedy: 'Choose “Stop”, or write one object a line.' }] : []),
  async describe(config, _inputs, context): Promise<Description> {
    const all = filesBehind(context.resolve(config.path));
    const files = all.filter((file) => file.bytes > 0);
    if (files.length === 0) throw failed('path', `${all.length === 1 ? 'The file is' : 'All files are'} empty: not even [] is there.`, 'Check how it was written.', context.resolve(config.path));
    const shape = await shapeOf(files, config, context);
    const columns = typed(shape, config.columns);
    const notices = isLarge(files) ? [`Names and types are told from the first ${SAMPLE_ROWS.toLocaleString('en')} objects: keys that only later ones have are left out. Name them under “Types”.`] : [];
    if (config.onBadRow !== 'fail') return { ...sound(files, columns, shape.bare, config.filename, LONGEST), notices };
    const own = shape.bare ? [{ name: 'json', type: columns[0]?.type ?? 'JSON' }] : columns;
    const typeList = `{${own.map(({ name, type }) => `${text(name)}: ${text(readAs(type))}`).join(', ')}}`;
    const read = `read_json(${listOf(files)}, format = '${FORMATS[config.format]}', columns = ${typeList}, maximum_object_size = ${LONGEST}, filename = ${config.filename}${shape.bare ? ', records = false' : ''})`;
    const list = [...own.map(({ name, type }, index) => `${asWanted(ident(name), type)} AS ${ident(columns[index]?.name ?? name)}`), ...(config.filename ? ['filename'] : [])];
    return { outputs: { out: `SELECT ${list.join(', ')} FROM ${read}`, rejected: NO_BAD_LINES }, notices };
  },
});
