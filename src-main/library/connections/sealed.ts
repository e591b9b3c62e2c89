import { StudioError } from '#shared/errors';

/** What can make a sealed text. It stands before the text, so that another box can say who opens it. */
export const MAKERS = ['keyFile', 'system', 'plain'] as const;
export type Maker = (typeof MAKERS)[number];

/** A sealed text as it rests in secrets.json. */
export interface Sealed {
  readonly maker: Maker;
  readonly body: string;
}

export const sealedText = ({ maker, body }: Sealed): string => `${maker}:${body}`;

/** Null for what no box of this Millrace has made. */
export function readSealed(text: string): Sealed | null {
  const end = text.indexOf(':');
  const maker = MAKERS.find((one) => one === text.slice(0, end));
  return maker === undefined ? null : { maker, body: text.slice(end + 1) };
}

const WHO: Readonly<Record<Maker, string>> = {
  system: 'It was sealed with the keyring of the person who entered it in Millrace’s window, and only that window opens it.',
  keyFile: 'It was sealed with the key of a Millrace without a window, and this one does not have that key.',
  plain: 'It rests as plain text, which nobody has agreed to here.',
};

/** Why a box can't open what another has made. `context` says whose secret it is: "name/field". */
export function notMine(text: string, context: string): StudioError {
  const sealed = readSealed(text);
  const message = sealed === null ? 'Nothing here can open this secret: its text is damaged, or a newer Millrace has made it.' : WHO[sealed.maker];
  return new StudioError('permission', message, { place: context, remedy: 'Enter the secret again, or use the connection where it was entered.' });
}
