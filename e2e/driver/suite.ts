import { test } from '@playwright/test';
import { forget, openStudio } from './open.ts';
import type { Desktop, Host, OpenedStudio } from './open.ts';

/**
 * One studio for the tests of a file, on the project's host: opened and `prepare`d before the first, closed and forgotten after the last.
 * A test that fails leaves a picture of the window. Call it at the top of the file; what it answers is there once tests run.
 */
export function suiteStudio(prepare: (studio: OpenedStudio) => void = () => undefined, desktop: Desktop = {}): Omit<OpenedStudio, 'close'> {
  let opened: OpenedStudio | null = null;
  const now = (): OpenedStudio => {
    if (opened === null) throw new Error('The studio is open only while tests run.');
    return opened;
  };
  test.beforeAll(async ({}, info) => {
    opened = await openStudio(info.project.metadata['host'] as Host, undefined, desktop);
    prepare(opened);
  });
  test.afterAll(async () => {
    await now().close();
    forget(now().dataDir);
  });
  test.afterEach(async ({}, info) => {
    if (info.status !== info.expectedStatus) await now().page.screenshot({ path: info.outputPath('failure.png') });
  });
  return {
    get page() {
      return now().page;
    },
    get dataDir() {
      return now().dataDir;
    },
    get folder() {
      return now().folder;
    },
  };
}
