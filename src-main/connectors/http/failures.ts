import { StudioError } from '#shared/errors';

interface Caught {
  readonly code: string;
  readonly message: string;
}

/** The error itself and those that it was caused by, as far as they have a code. */
function codes(thrown: unknown, depth = 0): readonly Caught[] {
  if (!(thrown instanceof Error) || depth > 4) return [];
  // undici's parser gives no code of its own for some of what it refuses.
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name === 'HTTPParserError' ? 'HPE_UNKNOWN' : '';
  const own = [{ code, message: thrown.message }];
  const inner = thrown instanceof AggregateError ? thrown.errors.flatMap((one) => codes(one, depth + 1)) : [];
  return [...own, ...inner, ...codes(thrown.cause, depth + 1)];
}

const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/;
/** Nothing was sent: the request can be sent again whatever it does. */
const BEFORE_SENDING = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
/** Nothing to be gained from another try. */
const FINAL = /^(ENOTFOUND|HPE_.*|UND_ERR_INVALID_ARG|UND_ERR_HEADERS_OVERFLOW)$/;

/** A failure to get an answer: the sentence for it, and whether another try makes sense. */
export interface NoAnswer {
  readonly error: StudioError;
  readonly passing: boolean;
  /** Did the request never reach the service? */
  readonly unsent: boolean;
}

function sentence(all: readonly Caught[], place: string): readonly [StudioError['code'], string, string] {
  const has = (pattern: RegExp): boolean => all.some(({ code }) => pattern.test(code));
  if (has(/^ENOTFOUND$/)) return ['io', `There is no host of that name: ${place}.`, 'Check the address for typing mistakes.'];
  if (has(/^EAI_AGAIN$/)) return ['io', `The name could not be looked up: ${place}.`, 'Check that this computer is connected to the network.'];
  if (has(/^ECONNREFUSED$/)) return ['io', `Nothing listens at ${place}.`, 'Check the port, and that the service runs.'];
  if (has(/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/)) return ['io', `There is no way to ${place} from here.`, 'Check the address and the network.'];
  if (has(/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/)) return ['timeout', `${place} could not be reached in time.`, 'Check the address and the network, or allow more time in the connection.'];
  if (has(/^UND_ERR_HEADERS_TIMEOUT$/)) return ['timeout', `${place} took the request and did not answer in time.`, 'Try again later, or allow more time.'];
  if (has(/^UND_ERR_BODY_TIMEOUT$/)) return ['timeout', `${place} stopped in the middle of its answer.`, 'Try again later, or allow more time.'];
  if (has(/^CERT_HAS_EXPIRED$/)) return ['permission', `The certificate of ${place} has expired.`, 'Tell whoever runs the service; check this computer’s clock.'];
  if (has(/^ERR_TLS_CERT_ALTNAME_INVALID$/)) return ['permission', `The certificate of ${place} is for another name.`, 'Use the name that the certificate is for.'];
  if (has(CERTIFICATES)) return ['permission', `The certificate of ${place} is vouched for by nobody known here.`, 'If the service has an authority of its own, put its certificate into the connection (CA certificate).'];
  if (all.some(({ code, message }) => code === 'EPROTO' || /wrong version number|packet length too long|SSL/i.test(message))) return ['io', `${place} does not speak TLS as expected.`, 'Check the port, and whether the address should start with http: instead of https:.'];
  if (has(/^HPE_/)) return ['io', `What answers at ${place} does not speak HTTP.`, 'Check the port, and whether the address should start with https:.'];
  if (has(/^UND_ERR_HEADERS_OVERFLOW$/)) return ['io', `The headers that ${place} answers with are too long.`, 'Tell whoever runs the service.'];
  if (has(/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/)) return ['io', `The answer of ${place} is shorter or longer than it says.`, 'Try again; tell whoever runs the service if it stays so.'];
  if (has(/^(UND_ERR_SOCKET|ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_ABORTED)$/)) return ['io', `${place} cut the line before its answer was complete.`, 'Try again later.'];
  if (has(/^(UND_ERR_INVALID_ARG|ERR_INVALID_CHAR|ERR_INVALID_URL)$/)) return ['invalid_input', `The request to ${place} can’t be sent as it is: a header or the address has signs that are not allowed there.`, 'Take line breaks and control signs out of the headers.'];
  return ['io', `The request to ${place} failed.`, 'Try again later.'];
}

/** A host and a port as a person writes them. */
export const placeOfHost = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Says in a sentence why there is no answer. `place` is where the request went, without anything secret. An error of ours stays as it is. */
export function noAnswer(thrown: unknown, place: string): NoAnswer {
  const own = codes(thrown).length > 0 ? ownError(thrown) : null;
  if (own !== null) return { error: own, passing: own.code === 'timeout', unsent: false };
  const all = codes(thrown);
  const [code, message, remedy] = sentence(all, place);
  const detail = all.map((one) => [one.code, one.message].filter(Boolean).join(': ')).join('; ');
  return {
    error: new StudioError(code, message, { place: 'url', remedy, detail, cause: thrown }),
    passing: code !== 'permission' && code !== 'invalid_input' && !all.some((one) => FINAL.test(one.code)),
    unsent: all.some((one) => BEFORE_SENDING.test(one.code)),
  };
}

/** The StudioError in what was thrown: a lookup that is refused comes wrapped. */
function ownError(thrown: unknown): StudioError | null {
  for (let one: unknown = thrown, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) if (one instanceof StudioError) return one;
  return null;
}
