import type { JsonObject } from '#shared/json';
import { StudioError, toErrorInfo } from '#shared/errors';
import { groupNow, refuseBusy } from '../../connectors/kafka/busy.ts';
import { commitMoves } from '../../connectors/kafka/commit.ts';
import { createTries } from '../../connectors/kafka/patience.ts';
import { boundsOf, spansOf } from '../../connectors/kafka/position.ts';
import type { From, Isolation, Span } from '../../connectors/kafka/position.ts';
import { checkReach, openLine, settingsFor } from '../../connectors/kafka/reach.ts';
import type { Line, Reach } from '../../connectors/kafka/reach.ts';
import { readMessages } from '../../connectors/kafka/reading.ts';
import type { Message, Wanted } from '../../connectors/kafka/reading.ts';
import type { Tries } from '../../connectors/kafka/patience.ts';
import { placeOf } from '../../connectors/kafka/settings.ts';
import { streaming } from '../define.ts';
import type { StreamContext } from '../define.ts';
import { placeFrom, placeIn } from './place.ts';
import type { Reader, RowMaker } from './rows.ts';
import { spec } from './spec.ts';

interface Config extends Reach, Reader {
  readonly groupId: string;
  readonly from: From;
  readonly until: 'end' | 'idle';
  readonly idleMs: number;
  readonly maxMessages: number;
  readonly isolation: Isolation;
  readonly patienceMs: number;
}

/** Messages that the fields are read off, and how many of each partition are looked at where there is nothing new. */
const [SHOWN, LOOKED_BACK] = [1000, 200];
const steady = (): number => performance.now();

/** What this run reads: what an attempt before it had read, where there was one, else from the group's place on. */
async function spansFor(config: Config, line: Line, tries: Tries, context: StreamContext): Promise<readonly Span[]> {
  const { topic, groupId: group, from, isolation } = config;
  const bounds = await tries.attempt(() => line.use((client) => boundsOf(client, topic, isolation)));
  if (bounds.length === 0) throw new StudioError('not_found', `The cluster has no topic “${topic}”.`, { place: topic, remedy: 'Check its name, or have it made; Millrace makes no topics.' });
  const earlier = context.earlier === null ? null : placeIn(context.earlier);
  if (earlier !== null) return earlier.moves.map(({ partition, from: start, was, next }) => ({ partition, from: start, to: next, was, oldest: bounds[partition]?.oldest ?? 0n }));
  const { spans, lost } = spansOf(bounds, from, { topic, group });
  if (lost > 0n) {
    context.report('removed before they were read', Number(lost));
    context.console(`${lost} messages of “${topic}” had been removed by the cluster before the group “${group}” read them.`);
  }
  return spans;
}

/** Where a run has nothing to read, older messages tell what the fields are: what comes after this node finds its columns then, too. */
async function lookBack(maker: RowMaker, spans: readonly Span[], config: Config, line: Line, tries: Tries, context: StreamContext): Promise<void> {
  const before = spans.map(({ partition, from, oldest }) => ({ partition, from: from - BigInt(LOOKED_BACK) > oldest ? from - BigInt(LOOKED_BACK) : oldest, to: from }));
  const seen: Message[] = [];
  for await (const messages of readMessages(line, { ...config, spans: before, maxMessages: SHOWN, idleMs: 1000 }, tries, { signal: context.signal, steady }).messages) seen.push(...messages);
  maker.settle(seen);
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: (config) => checkReach(config),
  async *stream(config, _input, context) {
    const { createRowMaker } = await import('./rows.ts');
    const { topic, groupId: group } = config;
    const settings = await settingsFor(config, (name, kinds) => context.connection(name, kinds));
    const doing = { place: placeOf(settings), topic, group };
    const tries = createTries({ ms: config.patienceMs, signal: context.signal, steady, say: (text) => context.console(text) }, doing);
    const line = openLine(settings, group, topic);
    const stop = (): void => void line.close();
    context.signal.addEventListener('abort', stop, { once: true });
    try {
      const members = await tries.attempt(() => groupNow(settings, group));
      if (members !== null) refuseBusy(group, members);
      const spans = await spansFor(config, line, tries, context);
      const isRepeat = context.earlier !== null;
      const wanted: Wanted = { ...config, spans: spans.map((span) => ({ ...span, to: config.until === 'end' || isRepeat ? span.to : null })), maxMessages: config.maxMessages === 0 || isRepeat ? null : config.maxMessages };
      const reading = readMessages(line, wanted, tries, { signal: context.signal, steady });
      const maker = createRowMaker(config, context);
      let held: Message[] | null = [];
      for await (const messages of reading.messages) {
        if (held === null) yield maker.batch(messages);
        else if (held.push(...messages) >= SHOWN) {
          maker.settle(held.slice(0, SHOWN));
          yield maker.batch(held);
          held = null;
        }
      }
      if (held !== null && held.length > 0) maker.settle(held);
      else if (held !== null && (config.format === 'json' || config.format === 'csv') && config.fields.length === 0) await lookBack(maker, spans, config, line, tries, context);
      if (held !== null) yield maker.batch(held);
      const unread = config.until === 'end' && reading.ended() === 'idle' ? spans.filter((span) => (reading.next.get(span.partition) ?? 0n) < span.to) : [];
      if (unread.length > 0) context.console(`Nothing came for ${config.idleMs} ms: ${unread.map((span) => `partition ${span.partition} was read to ${reading.next.get(span.partition)} of ${span.to}`).join(', ')}.`);
      const moves = spans.map(({ partition, from, was }) => ({ partition, from, was, next: reading.next.get(partition) ?? from }));
      if (moves.some(({ was, next }) => was !== next)) context.afterwards(placeFrom({ topic, group, moves }));
    } finally {
      context.signal.removeEventListener('abort', stop);
      await line.close();
    }
  },
  async settle(config, what: JsonObject, context) {
    const { topic, group, moves } = placeIn(what);
    const settings = await settingsFor(config, (name, kinds) => context.connection(name, kinds));
    const tries = createTries({ ms: config.patienceMs, signal: context.signal, steady, say: () => undefined }, { place: placeOf(settings), topic, group });
    const line = openLine(settings, group, topic);
    try {
      await tries.attempt(() => line.use((client) => commitMoves(client, topic, moves.filter(({ was, next }) => was !== next))));
    } catch (error) {
      context.signal.throwIfAborted();
      const { code, message, place, remedy = '', detail } = toErrorInfo(error);
      throw new StudioError(code, `The group “${group}” could not be moved on in “${topic}”: ${message}`, { ...(place === undefined ? {} : { place }), remedy: `${remedy} What the sinks have written stays; the next run reads the same messages again.`.trim(), ...(detail === undefined ? {} : { detail }) });
    } finally {
      await line.close();
    }
  },
});
