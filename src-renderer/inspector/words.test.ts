import { expect, it } from 'vitest';
import { makeFormat } from '../i18n/format.ts';
import { retryPlan } from './retry-plan.ts';
import { retrySentence } from './words.ts';

const policy = { attempts: 4, backoff: 'exponential', initialMs: 1000, maxMs: 60_000, jitter: 0.2 } as const;
const [en, zh] = [makeFormat('en'), makeFormat('zh')];
const inEnglish = (patch: Partial<Parameters<typeof retryPlan>[0]>): string => retrySentence.en(en, retryPlan({ ...policy, ...patch }));

it('says what a retry does in a sentence', () => {
  expect(inEnglish({})).toBe('Tries up to 4 times: after 1 s, 2 s, 4 s (±20 %). Waits 7 s in all.');
  expect(inEnglish({ attempts: 2, jitter: 0 })).toBe('Tries up to 2 times: again after 1 s.');
  expect(inEnglish({ backoff: 'constant', initialMs: 1500 })).toBe('Tries up to 4 times: again after 1.5 s each time (±20 %). Waits 4.5 s in all.');
  expect(inEnglish({ attempts: 10 })).toBe('Tries up to 10 times: after 1 s, 2 s, 4 s, 8 s, 16 s and so on, up to 1 min (±20 %). Waits 4 min 3 s in all.');
  expect(inEnglish({ initialMs: 0 })).toBe('Tries up to 4 times, at once each time.');
});

it('says it in Chinese', () => {
  expect(retrySentence.zh(zh, retryPlan(policy))).toBe('最多尝试 4 次：依次等待 1 秒、2 秒、4 秒（±20 %）。共等待 7 秒。');
  expect(retrySentence.zh(zh, retryPlan({ ...policy, attempts: 2 }))).toBe('最多尝试 2 次：等待 1 秒后重试（±20 %）。');
});
