import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of texts, as other programs than ours write them: for workbooks made by hand. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>, { flags = 0 }: { readonly flags?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const head = (signature: number, extra: number): Buffer => {
      const bytes = Buffer.alloc(extra + 26);
      bytes.writeUInt32LE(signature, 0);
      const from = extra;
      bytes.writeUInt16LE(20, from);
      bytes.writeUInt16LE(flags, from + 2);
      bytes.writeUInt16LE(8, from + 4);
      bytes.writeUInt32LE(crc32(raw), from + 10);
      bytes.writeUInt32LE(packed.length, from + 14);
      bytes.writeUInt32LE(raw.length, from + 18);
      bytes.writeUInt16LE(Buffer.byteLength(name), from + 22);
      return bytes;
    };
    const local = head(0x04_03_4b_50, 4);
    const central = Buffer.concat([head(0x02_01_4b_50, 6), Buffer.alloc(14)]);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += local.length + Buffer.byteLength(name) + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06_05_4b_50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook of one sheet from its rows' XML, with the paths that begin with a slash as some writers have them. */
export const workbookOf = (sheetData: string, { styles = '', strings = '', properties = '', more = {} }: { readonly styles?: string; readonly strings?: string; readonly properties?: string; readonly more?: Readonly<Record<string, string>> } = {}): Buffer =>
  zipOf({
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${RELATIONS}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><x:workbook xmlns:x="x" xmlns:r="r"><x:workbookPr${properties}/><x:sheets><x:sheet name="Data &amp; more" sheetId="7" r:id="s"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="s" Type="${RELATIONS}/worksheet" Target="/xl/worksheets/odd name.xml"/><Relationship Id="t" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="u" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/odd name.xml': `<worksheet><sheetData>${sheetData}</sheetData></worksheet>`,
    'xl/styles.xml': `<styleSheet>${styles}</styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${strings}</sst>`,
    ...more,
  });
