import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { editorOf, goTo } from './driver/editor.ts';
import { forget, openStudio } from './driver/open.ts';
import type { Host } from './driver/open.ts';
import { writeWorkflow } from './driver/workflows.ts';

test('a run that waits for its next try goes on after the studio was closed and opened again', async ({}, info) => {
  const host = info.project.metadata['host'] as Host;
  const first = await openStudio(host);
  try {
    writeWorkflow(first.folder, 'patient', 'Patient', [
      { id: 'orders', type: 'source', nodeType: 'file.csv', config: { path: 'orders.csv' }, label: 'Orders', retry: { attempts: 3, backoff: 'constant', initialMs: 4000, maxMs: 4000, jitter: 0 } },
      { id: 'copy', type: 'sink', nodeType: 'file.text', config: { path: 'copy.csv' }, label: 'Copy' },
    ]);
    await goTo(first.page, 'edit/patient');
    await editorOf(first.page).canvas.waitFor();
    await editorOf(first.page).run();
    await editorOf(first.page).status('Orders', 'retrying');
    const run = await first.page.getByRole('link', { name: /open the run/i }).getAttribute('href');
    await first.close();
    writeFileSync(join(first.folder, 'orders.csv'), 'id,total\n1,10\n');
    const again = await openStudio(host, first.dataDir);
    try {
      await goTo(again.page, run?.slice(2) ?? '');
      await expect(again.page.getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
      await expect(again.page.getByText('Resumed once')).toBeVisible();
      // The moment at which it stood still is one of those that are jumped to.
      await again.page.getByRole('button', { name: 'Previous failure' }).click();
      await expect(again.page.getByRole('status', { name: 'Interrupted' })).toBeVisible();
    } finally {
      await again.close();
    }
  } finally {
    forget(first.dataDir);
  }
});
