import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { saidByStudio } from '../src-renderer/i18n/studio-sentences.ts';

const executor = (file: string): string => readFileSync(new URL(`../src-main/executor/${file}`, import.meta.url), 'utf8');
const all = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), (found) => found[1] ?? '');
const CJK = /^[^A-Za-z]+$/;

describe('a sentence of the studio', () => {
  it('is said in Chinese where the executor writes it', () => {
    const written = [
      /const CLOSED = '(.+)'/.exec(executor('live-run.ts'))?.[1],
      /const CRASHED = '(.+)'/.exec(executor('live-run.ts'))?.[1],
      ...all(executor('answer.ts'), /'(It was ended [^']+)'/g),
      ...all(executor('effects.ts'), /reason: '(It did not happen[^']+)'/g),
      ...all(executor('hearing.ts'), /reason: '(It did not happen[^']+)'/g),
      /remedy: '(Give it more memory[^']+)'/.exec(executor('interruption.ts'))?.[1],
    ];
    expect(written).toHaveLength(7);
    expect(written.filter((sentence) => !CJK.test(saidByStudio(sentence ?? 'none', 'zh')))).toEqual([]);
  });
  it('keeps what it has in it', () => {
    expect(executor('hearing.ts')).toContain('`The process that held this run ended (${how}).`');
    expect(executor('interruption.ts')).toContain('`It was interrupted ${times} times without getting any further. The last time: ${reason}`');
    expect(saidByStudio('It was interrupted 3 times without getting any further. The last time: The process that held this run ended (signal SIGKILL).', 'zh')).toBe('已中断 3 次且没有进展。最近一次：执行此运行的进程已结束（signal SIGKILL）。');
  });
  it('stays as it is where it is not known, and in English', () => {
    expect(saidByStudio('The file is not there.', 'zh')).toBe('The file is not there.');
    expect(saidByStudio('The studio was closed.', 'en')).toBe('The studio was closed.');
  });
});
