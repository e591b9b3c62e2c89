import type { Column, ColumnProfile, Sample } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import type { Veil } from '../connectors/veil.ts';
import type { Answers, FromWorker } from './protocol.ts';

type Texts = Pick<Veil, 'text' | 'over'>;

const orNull = (value: string | null, { text }: Texts): string | null => (value === null ? null : text(value));

/** An error without anything secret. Its code is ours, and stays. */
export function veiledError({ code, message, place, remedy, detail }: ErrorInfo, { text }: Texts): ErrorInfo {
  return {
    code,
    message: text(message),
    ...(place === undefined ? {} : { place: text(place) }),
    ...(remedy === undefined ? {} : { remedy: text(remedy) }),
    ...(detail === undefined ? {} : { detail: text(detail) }),
  };
}

const columns = (those: readonly Column[], { text }: Texts): Column[] => those.map(({ name, type }) => ({ name: text(name), type }));
const sample = (one: Sample, veil: Texts): Sample => ({ columns: columns(one.columns, veil), rows: [...veil.over(one.rows)], partial: one.partial });
const profile = (one: ColumnProfile, veil: Texts): ColumnProfile => ({ ...one, name: veil.text(one.name), min: orNull(one.min, veil), max: orNull(one.max, veil) });

/** What of each message is a text that somebody else may have made: those are veiled. Ids, ports, counts and paths come from the workflow, and a secret that happens to be like one must not change them. */
const messages: { readonly [K in FromWorker['kind']]: (message: Extract<FromWorker, { kind: K }>, veil: Texts) => FromWorker } = {
  ready: (message) => message,
  connection: (message) => message,
  opened: (message) => message,
  progress: (message) => message,
  closed: (message) => message,
  done: (message) => message,
  intend: (message, { text }) => ({ ...message, what: text(message.what) }),
  console: (message, { over }) => ({ ...message, lines: over(message.lines) }),
  failed: (message, veil) => ({ ...message, error: veiledError(message.error, veil) }),
  sample: (message, veil) => ({ ...message, sample: sample(message.sample, veil) }),
  settled: (message, veil) => ({ ...message, error: message.error === null ? null : veiledError(message.error, veil) }),
  // What is answered is veiled by its question: `veiledAnswer`.
  answer: (message, veil) => (message.ok ? message : { ...message, error: veiledError(message.error, veil) }),
};

const answers: { readonly [K in keyof Answers]: (value: Answers[K], veil: Texts) => Answers[K] } = {
  texts: (value, { text }) => value.map((one) => ({ ...one, message: text(one.message), remedy: text(one.remedy) })),
  columns: (value, veil) => Object.fromEntries(Object.entries(value).map(([node, ports]) => [node, Object.fromEntries(Object.entries(ports).map(([port, those]) => [port, columns(those, veil)]))])),
  preview: (value, veil) => ({ sample: sample(value.sample, veil), profile: value.profile.map((one) => profile(one, veil)) }),
  difference: (value, veil) => ({ ...value, left: sample(value.left, veil), right: sample(value.right, veil), columns: value.columns.map((one) => ({ ...one, name: veil.text(one.name) })) }),
  test: (value, veil) => ({ ...value, steps: value.steps.map((one) => ({ ...one, detail: veil.text(one.detail) })), server: orNull(value.server, veil), error: value.error === null ? null : veiledError(value.error, veil) }),
  expression: (value, veil) => ({ type: value.type, values: veil.over(value.values) }),
};

/** A message of a worker without anything secret. */
export const veiled = (message: FromWorker, veil: Texts): FromWorker => (messages[message.kind] as (message: FromWorker, veil: Texts) => FromWorker)(message, veil);

/** The answer to a question without anything secret. */
export const veiledAnswer = <K extends keyof Answers>(kind: K, value: Answers[K], veil: Texts): Answers[K] => (answers[kind] as (value: Answers[K], veil: Texts) => Answers[K])(value, veil);
