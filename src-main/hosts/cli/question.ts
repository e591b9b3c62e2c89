import type { PauseQuestion } from '#shared/events';
import type { Run } from '#shared/run/run';
import { printAside } from './output.ts';

/** What a paused run wants to know, line by line. */
function sentences(question: PauseQuestion): readonly string[] {
  if (question.kind === 'recovery') return [`It was interrupted: ${question.reason} Its workflow asks before it goes on.`];
  return ['These may have happened already, and would happen again:', ...question.effects.map(({ node, what }) => `  - node "${node}": ${what}`)];
}

const MEANINGS: Readonly<Record<PauseQuestion['kind'], readonly string[]>> = {
  effects: ['repeat  do it again', 'skip    take it for done and go on', 'stop    end the run as failed'],
  recovery: ['repeat  go on from what it had kept', 'stop    end the run as failed'],
};

/** Says on standard error what a paused run asks and how to answer; nothing of one that is not paused. */
export function printQuestion({ status, question, id, workflowName }: Pick<Run, 'status' | 'question' | 'id' | 'workflowName'>): void {
  if (status !== 'paused' || question === null) return;
  const lines = [`millrace: ${workflowName} waits for an answer.`, ...sentences(question), `Answer with: millrace answer ${id} ${question.kind === 'effects' ? 'repeat|skip|stop' : 'repeat|stop'}`, ...MEANINGS[question.kind].map((line) => `  ${line}`)];
  printAside(`${lines.join('\n')}\n`);
}
