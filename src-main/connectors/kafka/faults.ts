import { StudioError } from '#shared/errors';

/** What was being done, for the sentence. */
export interface Doing {
  /** Brokers as host:port. */
  readonly place: string;
  readonly topic?: string;
  readonly group?: string;
}

/** All that an error is made of: itself, its causes, and those it holds. */
function* parts(error: unknown, depth = 0): Generator<Readonly<Record<string, unknown>>> {
  if (typeof error !== 'object' || error === null || depth > 8) return;
  yield error as Readonly<Record<string, unknown>>;
  if ('errors' in error && Array.isArray(error.errors)) for (const one of error.errors) yield* parts(one, depth + 1);
  if ('cause' in error) yield* parts(error.cause, depth + 1);
}

const all = (error: unknown, property: string): readonly string[] => [...parts(error)].flatMap((part) => (typeof part[property] === 'string' ? [part[property]] : []));

/** The protocol's own names of what went wrong: UNKNOWN_TOPIC_OR_PARTITION. */
export const protocolCodes = (error: unknown): ReadonlySet<string> => new Set(all(error, 'apiId'));

const PASSING: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE', 'NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT', 'BROKER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE', 'NETWORK_EXCEPTION', 'COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS', 'FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH', 'OFFSET_NOT_AVAILABLE', 'KAFKA_STORAGE_ERROR', 'REBALANCE_IN_PROGRESS', 'PREFERRED_LEADER_NOT_AVAILABLE', 'FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH',
]);
const TLS_FAULTS = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|EPROTO|ERR_SSL|ERR_TLS/;

/** May it be over in a moment: a broker that is restarted, a line that was cut, a leader that moves? A wrong login and a wrong name never are. */
export function isPassing(error: unknown): boolean {
  const [codes, api] = [all(error, 'code'), [...protocolCodes(error)]];
  if (codes.some((code) => code === 'PLT_KFK_AUTHENTICATION' || code === 'ENOTFOUND' || TLS_FAULTS.test(code))) return false;
  if (api.length > 0) return api.every((code) => PASSING.has(code));
  if (all(error, 'message').some((text) => text.startsWith('Cannot find broker'))) return true;
  return codes.some((code) => ['PLT_KFK_NETWORK', 'PLT_KFK_TIMEOUT', 'PLT_KFK_UNEXPECTED_CORRELATION_ID', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].includes(code));
}

/** Does the broker lack the call altogether? */
export const isUnsupported = (error: unknown): boolean => all(error, 'code').includes('PLT_KFK_UNSUPPORTED_API');

type Sentence = readonly [code: 'io' | 'permission' | 'not_found' | 'timeout' | 'unsupported' | 'node_failed' | 'conflict', message: string, remedy: string];

function sentenceOf(error: unknown, { topic, group }: Doing): Sentence {
  const [codes, api] = [all(error, 'code'), protocolCodes(error)];
  const has = (wanted: string): boolean => codes.includes(wanted);
  const what = topic === undefined ? 'the topic' : `the topic “${topic}”`;
  if (api.has('UNSUPPORTED_SASL_MECHANISM')) return ['permission', 'The cluster does not take this kind of login.', 'Choose another SASL mechanism in the connection.'];
  if (has('PLT_KFK_AUTHENTICATION') || api.has('SASL_AUTHENTICATION_FAILED')) return ['permission', 'The cluster does not accept this user and password.', 'Correct the login of the connection.'];
  const tls = codes.find((code) => TLS_FAULTS.test(code));
  if (tls !== undefined) return ['io', tls === 'EPROTO' || tls.startsWith('ERR_SSL') ? 'The broker does not speak TLS at this port, or not this kind of it.' : 'The broker’s certificate can’t be trusted.', tls.includes('ALTNAME') ? 'Use the name that the certificate was made for.' : 'Check the port and the TLS settings; give the CA certificate where the authority is your own.'];
  if (has('ENOTFOUND') || has('EAI_AGAIN')) return ['io', 'The name of the broker is not known.', 'Check the host, and that this computer can look it up.'];
  if (api.has('UNKNOWN_TOPIC_OR_PARTITION') || api.has('INVALID_TOPIC_EXCEPTION') || all(error, 'message').some((text) => text.startsWith('Unknown topic'))) return ['not_found', `The cluster has no ${what.slice(4)}.`, 'Check its name, or have it made; Millrace makes no topics.'];
  if (api.has('TOPIC_AUTHORIZATION_FAILED')) return ['permission', `The user may not use ${what}.`, 'Have it allowed at the cluster.'];
  if (api.has('GROUP_AUTHORIZATION_FAILED')) return ['permission', `The user may not use the group “${group ?? ''}”.`, 'Have it allowed at the cluster, or use another group.'];
  if (api.has('CLUSTER_AUTHORIZATION_FAILED')) return ['permission', 'The user may not write to the cluster idempotently.', 'Have IdempotentWrite allowed at the cluster.'];
  if (api.has('MESSAGE_TOO_LARGE') || api.has('RECORD_LIST_TOO_LARGE')) return ['node_failed', `A message, or the batch it is in, is larger than ${what} takes.`, 'Send smaller batches, compress them, or raise max.message.bytes of the topic.'];
  if (api.has('OFFSET_OUT_OF_RANGE')) return ['conflict', `Messages of ${what} were removed while they were read.`, 'Run it again; keep them longer (retention) than the time between two runs.'];
  if (has('PLT_KFK_UNSUPPORTED_COMPRESSION')) return ['unsupported', 'The messages are compressed in a way that is not known here.', 'Use gzip, snappy, lz4 or zstd.'];
  if (has('PLT_KFK_UNSUPPORTED_API')) return ['unsupported', 'The broker is too old for this: it lacks a call that is needed.', 'Use Kafka 1.0 or newer.'];
  if (has('ECONNREFUSED')) return ['io', 'Nothing listens there.', 'Check host and port, and that the broker runs.'];
  if (has('PLT_KFK_TIMEOUT') || has('ETIMEDOUT')) return ['timeout', 'The broker did not answer in time.', 'Check that it can be reached from here.'];
  if (has('PLT_KFK_NETWORK') || has('ECONNRESET') || has('EPIPE')) return ['io', 'The line to the broker was cut.', 'Check that it runs; where it asks for TLS or a login, set them in the connection.'];
  const [name] = api;
  return ['io', `The cluster refused: ${name ?? 'it did not say why'}.`, 'See the broker’s log.'];
}

/** An error of the client as a sentence with cause and remedy. What is ours already stays; the client's own text, which may hold whatever it was given, does not get in. */
export function explainKafka(error: unknown, doing: Doing): StudioError {
  if (error instanceof StudioError) return error;
  const [code, message, remedy] = sentenceOf(error, doing);
  const detail = [...new Set([...all(error, 'code'), ...protocolCodes(error)])].join(', ');
  return new StudioError(code, message, { place: doing.place, remedy, ...(detail === '' ? {} : { detail }) });
}
