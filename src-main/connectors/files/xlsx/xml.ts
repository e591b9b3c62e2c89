import sax from 'sax';

/** What is told of a document as it passes. Names are without their prefix. */
export interface Handler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** One tag of more than this is no workbook's, and none is deeper: each is held until it ends. */
const LONGEST = 2 ** 20;
const DEEPEST = 500;

const refuse = (): never => {
  throw new Error('It has a document type, which no workbook has.');
};
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML piece by piece, as much of it as workbooks use: elements, attributes, text, CDATA. A document type is refused, since its
 * entities could swell to anything. Throws where it is broken.
 */
export function createXml(handler: Handler): { readonly feed: (text: string) => void; readonly end: () => void } {
  // Counting lines and columns takes more than a quarter of the time; the parser's limits go with it, so they are here.
  const parser = sax.parser(true, { position: false });
  // Without a document type there are only these; the parser's own list has those of HTML.
  parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, NAMED);
  let [attributes, depth, untold]: [Record<string, string>, number, number] = [{}, 0, 0];
  const text = (found: string): void => {
    untold = 0;
    handler.text(found);
  };
  // One by one: given all at once by Object.assign, the parser becomes a slow object.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a parser, not an element
  parser.onerror = (error) => {
    throw error;
  };
  parser.ondoctype = refuse;
  parser.onsgmldeclaration = refuse;
  parser.onopentagstart = () => {
    attributes = {};
  };
  parser.onattribute = ({ name, value }) => {
    if (!name.startsWith('xmlns')) attributes[local(name)] = value;
  };
  parser.onopentag = ({ name }) => {
    untold = 0;
    depth += 1;
    if (depth > DEEPEST) throw new Error('Its elements are nested too deep.');
    handler.open(local(name), attributes);
  };
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a parser, not an element
  parser.ontext = text;
  parser.oncdata = text;
  parser.onclosetag = (name) => {
    untold = 0;
    depth -= 1;
    handler.close(local(name));
  };
  return {
    feed(more) {
      untold += more.length;
      parser.write(more);
      // Text is told as it comes.
      parser.flush();
      if (untold > LONGEST) throw new Error('A part of it never ends.');
    },
    end: () => void parser.close(),
  };
}
