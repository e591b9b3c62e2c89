import type { TestReport, TestStep } from '#shared/connections/connection';
import { toErrorInfo } from '#shared/errors';

/** Collects the steps of a test. `step` runs one and notes how it went; a step that throws ends the test. */
export interface Steps {
  step<T>(step: TestStep, detail: string | ((result: T) => string), work: () => Promise<T>): Promise<T>;
}

/** Runs a test: its steps in order, the server's name as it answers, and the first failure as the report's error. Never rejects. */
export async function reported(work: (steps: Steps) => Promise<string | null>, steady: () => number = () => performance.now()): Promise<TestReport> {
  const startedAt = steady();
  const steps: { step: TestStep; ok: boolean; detail: string }[] = [];
  const run: Steps = {
    async step(step, detail, doing) {
      try {
        const result = await doing();
        steps.push({ step, ok: true, detail: typeof detail === 'string' ? detail : detail(result) });
        return result;
      } catch (thrown) {
        steps.push({ step, ok: false, detail: toErrorInfo(thrown).message });
        throw thrown;
      }
    },
  };
  try {
    const server = await work(run);
    return { ok: true, steps, server, durationMs: steady() - startedAt, error: null };
  } catch (thrown) {
    return { ok: false, steps, server: null, durationMs: steady() - startedAt, error: toErrorInfo(thrown) };
  }
}
