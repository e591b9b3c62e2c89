/**
 * `npm test`: the checks (compiler, linter, dead code), the build, every test and every window test. Ends in `N passed, N failed`; a
 * check that fails counts as one failed test. What a test needs from the system (Chromium) is installed first where that is possible.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const reports = mkdtempSync(join(tmpdir(), 'millrace-tests-'));
const count = { passed: 0, failed: 0, skipped: 0 };

function run(title: string, command: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  console.log(`\n▸ ${title}`);
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, PATH: path } });
  return status === 0;
}

function step(title: string, command: string, args: readonly string[]): boolean {
  const ok = run(title, command, args);
  count[ok ? 'passed' : 'failed'] += 1;
  return ok;
}

const read = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

/** Adds a runner's counts. A runner that leaves no report, or fails without a failed test, is itself a failure. */
function add(ok: boolean, report: { passed: number; failed: number; skipped: number } | null): void {
  count.passed += report?.passed ?? 0;
  count.skipped += report?.skipped ?? 0;
  count.failed += report === null || (!ok && report.failed === 0) ? 1 : report.failed;
}

function vitest(title: string, name: string, args: readonly string[] = []): void {
  const file = join(reports, `${name}.json`);
  const ok = run(title, 'vitest', ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  const report = read(file) as { numPassedTests: number; numFailedTests: number; numPendingTests: number } | null;
  add(ok, report && { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests });
}

function windows(): void {
  const file = join(reports, 'window.json');
  const ok = run('The window, on every host', 'playwright', ['test', '--config', 'e2e/playwright.config.ts'], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const stats = (read(file) as { stats: { expected: number; unexpected: number; flaky: number; skipped: number } } | null)?.stats ?? null;
  add(ok, stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped });
}

run('What the tests need from the system', 'bash', ['e2e/tools/system-packages.sh']);
step('Types', 'tsc', ['-b']);
step('Lint', 'oxlint', []);
step('Dead code', 'knip', []);
if (step('Build', 'electron-vite', ['build', '--logLevel', 'warn'])) {
  vitest('Unit, property and process tests', 'unit');
  vitest('Kills and faults of real studios', 'kills', ['--config', 'e2e/kills/vitest.config.ts']);
  windows();
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
process.exitCode = count.failed === 0 ? 0 : 1;
