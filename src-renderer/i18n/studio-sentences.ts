import type { Language } from './format.ts';

/** What the studio writes into a run when it was interrupted, and how a Chinese window says it; `$1` is what the sentence has there. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^The studio was closed\.$/, '工作室已关闭。'],
  [/^The studio ended while this run was going\.$/, '运行期间工作室意外结束。'],
  [/^The process that held this run ended \((.+)\)\.$/, '执行此运行的进程已结束（$1）。'],
  [/^It was ended instead of going on after an interruption\.$/, '中断后未继续，运行已结束。'],
  [/^It was ended instead of doing again what may be done already\.$/, '为避免重复可能已完成的操作，运行已结束。'],
  [/^It did not happen: the file is as it was before\.$/, '未发生：文件保持原样。'],
  [/^It did not happen: another program had written to the file\.$/, '未发生：其他程序已写入该文件。'],
  [/^It is done again: .+ said so\.$/, '按要求重新执行。'],
  [/^Give it more memory in Settings or less to do, then run it again\.$/, '请在设置中增加内存或减少工作量，然后重新运行。'],
];
const again = /^It was interrupted (\d+) times without getting any further\. The last time: (.+)$/;

/** A sentence of the studio in the window's language; one that is not known stays as it was written. */
export function saidByStudio(sentence: string, language: Language): string {
  if (language === 'en') return sentence;
  const [, times, last] = again.exec(sentence) ?? [];
  if (times !== undefined && last !== undefined) return `已中断 ${times} 次且没有进展。最近一次：${saidByStudio(last, language)}`;
  const known = chinese.find(([pattern]) => pattern.test(sentence));
  return known === undefined ? sentence : sentence.replace(known[0], known[1]);
}
