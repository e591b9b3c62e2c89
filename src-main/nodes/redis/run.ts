import { readRows } from '../../connectors/redis/reads.ts';
import type { ReadPlan } from '../../connectors/redis/reads.ts';
import { streaming } from '../define.ts';
import { spec } from './spec.ts';

interface Config extends ReadPlan {
  readonly connection: string;
  readonly answerMs: number;
}

const POSITION = /^\s*(-?\d+)?\s*$/;
const ID = /^\s*(\d+(-\d+)?|\(\d+-\d+|[-+])?\s*$/;

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: ({ read, from, to }) => {
    const fits = read === 'list' ? POSITION : read === 'stream' ? ID : null;
    const message = read === 'list' ? 'is not a position in a list.' : 'is not an id of a stream.';
    const remedy = read === 'list' ? 'Write a whole number; −1 is the last entry.' : 'Write it like 1526919030474-0, or leave it empty.';
    return fits === null ? [] : [{ field: 'from', text: from }, { field: 'to', text: to }].flatMap(({ field, text }) => (fits.test(text) ? [] : [{ field, message: `“${text}” ${message}`, remedy }]));
  },
  async *stream(config, _input, context) {
    const { openRedis } = await import('../../connectors/redis/client.ts');
    const client = await openRedis({ connection: await context.connection(config.connection, ['redis']), signal: context.signal, answerMs: config.answerMs });
    try {
      yield* readRows(config, client);
    } finally {
      client.close();
    }
  },
});
