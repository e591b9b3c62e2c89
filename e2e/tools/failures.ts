/** What failed, read out of a runner's report: told again under everything else, where whoever looks at the end of a long log finds it. */

const MOST_LINES = 25;
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** A failure as a few lines: the name of the test, and the first lines of what it said. */
const told = (name: string, said: string): string =>
  [`✗ ${name}`, ...said.replaceAll(colours, '').split('\n').slice(0, MOST_LINES).map((line) => `    ${line}`)].join('\n');

export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly failureMessages?: readonly string[] | null }[];
  }[];
}

/** The failures of a vitest run: tests, and files that failed outside of a test. */
export function vitestFailures(report: VitestReport): string[] {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    const tests = failed.map(({ fullName, failureMessages }) => told(`${file.name} › ${fullName}`, (failureMessages ?? []).join('\n')));
    return tests.length === 0 && file.status === 'failed' ? [told(file.name, file.message)] : tests;
  });
}

interface Suite {
  readonly specs?: readonly { readonly title: string; readonly file: string; readonly ok: boolean; readonly tests: readonly PlaywrightTest[] }[];
  readonly suites?: readonly Suite[];
}

interface PlaywrightTest {
  readonly projectName: string;
  readonly status: string;
  readonly results: readonly { readonly error?: { readonly message?: string } }[];
}

export interface PlaywrightReport extends Suite {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
}

/** The failures of a Playwright run, of every project. */
export function playwrightFailures(suite: Suite): string[] {
  const here = (suite.specs ?? []).flatMap(({ title, file, tests }) => tests
    .filter(({ status }) => status === 'unexpected')
    .map((test) => told(`[${test.projectName}] ${file} › ${title}`, test.results.map(({ error }) => error?.message ?? '').join('\n'))));
  return [...here, ...(suite.suites ?? []).flatMap(playwrightFailures)];
}
