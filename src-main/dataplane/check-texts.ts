import { toErrorInfo } from '#shared/errors';
import type { Registry } from '../nodes/registry.ts';
import { checksOf } from './context.ts';
import type { Memory } from './memory.ts';
import { sessionFor } from './open-run.ts';
import type { RefusedText, TextsQuestion } from './protocol.ts';
import type { SessionPool } from './session.ts';

/** A graph with more is the work of a program: the rest is told by the run. Parsing one takes some 200 microseconds. */
const MOST_TEXTS = 5000;

/** Every SQL text that can be refused without looking at data, with its sentence. What is right is remembered: the run does not parse it again. */
export async function checkTexts({ texts, job }: TextsQuestion, limits: { readonly scratch: string; readonly memoryLimitMb: number }, registry: Registry, sessions: SessionPool, memory: Memory): Promise<readonly RefusedText[]> {
  const session = job === null ? await sessions.take({ reads: [], writes: [], ...limits, threads: 1 }) : await sessionFor(job, registry, sessions);
  const { checkExpression, checkQuery } = checksOf(session, memory);
  const refused: RefusedText[] = [];
  for (const { node, field, text, kind, tables } of texts.slice(0, MOST_TEXTS)) {
    try {
      if (kind === 'query') await checkQuery(text, field, tables ?? []);
      else await checkExpression(text, field);
    } catch (error) {
      const { code, message, remedy } = toErrorInfo(error);
      if (code !== 'node_failed') throw error;
      refused.push({ node, field, message, remedy: remedy ?? '' });
    }
  }
  return refused;
}
