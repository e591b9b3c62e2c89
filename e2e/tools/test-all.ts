/**
 * `npm test`: the checks (compiler, linter, dead code), the build, every test and every window test. Ends in `N passed, N failed`; a
 * check that fails counts as one failed test. What a test needs from the system (Chromium, servers) is installed first where that is
 * possible. What failed is told again at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { playwrightFailures, vitestFailures, type PlaywrightReport, type VitestReport } from './failures.ts';

const root = resolve(import.meta.dirname, '../..');
const reports = mkdtempSync(join(tmpdir(), 'millrace-tests-'));
const count = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

function run(title: string, command: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  console.log(`\n▸ ${title}`);
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, PATH: path } });
  return status === 0;
}

function step(title: string, command: string, args: readonly string[]): boolean {
  const ok = run(title, command, args);
  count[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(`✗ ${title}: see above`);
  return ok;
}

const read = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

/** Adds a runner's counts. A runner that leaves no report, or fails without a failed test, is itself a failure. */
function add(title: string, ok: boolean, report: { passed: number; failed: number; skipped: number } | null): void {
  count.passed += report?.passed ?? 0;
  count.skipped += report?.skipped ?? 0;
  const broken = report === null || (!ok && report.failed === 0);
  count.failed += broken ? 1 : report.failed;
  if (broken) failures.push(`✗ ${title}: the runner itself failed, see above`);
}

function vitest(title: string, name: string, args: readonly string[] = []): void {
  const file = join(reports, `${name}.json`);
  const ok = run(title, 'vitest', ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  const report = read(file) as VitestReport | null;
  failures.push(...(report ? vitestFailures(report) : []));
  add(title, ok, report && { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests });
}

function windows(): void {
  const file = join(reports, 'window.json');
  const title = 'The window, on every host';
  const ok = run(title, 'playwright', ['test', '--config', 'e2e/playwright.config.ts'], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const report = read(file) as PlaywrightReport | null;
  failures.push(...(report ? playwrightFailures(report) : []));
  const stats = report?.stats ?? null;
  add(title, ok, stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped });
}

run('What the tests need from the system', 'bash', ['e2e/tools/system-packages.sh']);
step('Types', 'tsc', ['-b']);
step('Lint', 'oxlint', []);
step('Dead code', 'knip', []);
if (step('Build', 'electron-vite', ['build', '--logLevel', 'warn'])) {
  vitest('Unit, property and process tests', 'unit');
  vitest('Kills and faults of real studios', 'kills', ['--config', 'e2e/kills/vitest.config.ts']);
  vitest('Scenarios end to end, with real servers', 'scenarios', ['--config', 'e2e/scenarios/vitest.config.ts']);
  windows();
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nWhat failed:\n\n${failures.join('\n\n')}`);
console.log(`\n${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
process.exitCode = count.failed === 0 ? 0 : 1;
