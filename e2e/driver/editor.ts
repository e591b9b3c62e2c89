import { expect } from '@playwright/test';
import type { Locator, Page } from 'playwright-core';

async function center(what: Locator): Promise<{ x: number; y: number }> {
  const box = await what.boundingBox();
  if (box === null) throw new Error('It is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Goes to a place of the window by its address: `edit/report`. */
export const goTo = (page: Page, place: string): Promise<void> => page.evaluate((to) => void (location.hash = `#/${to}`), place);

/** Drops a file from outside onto the window. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ''], fileName ?? '', { type: 'application/json' }));
      return transfer;
    },
    [name, text],
  );
  for (const kind of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', kind, { dataTransfer });
}

/** What a person does in the editor, in their words. Node types are named as the palette names them, nodes by their label. */
export function editorOf(page: Page) {
  const canvas = page.getByRole('application', { name: 'Workflow canvas' });
  const form = page.getByLabel('Inspector').getByRole('tabpanel');
  const card = (title: string): Locator => page.locator('.react-flow__node').filter({ hasText: title });
  const port = (title: string, side: 'in' | 'out', name?: string): Locator => {
    const handles = card(title).locator(side === 'in' ? '.react-flow__handle.target' : '.react-flow__handle.source');
    return name === undefined ? handles.first() : handles.and(page.locator(`[title="${name}"]`));
  };
  const dragLine = async (from: Locator, to: Locator): Promise<void> => {
    const [a, b] = [await center(from), await center(to)];
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(a.x + 15, a.y + 5, { steps: 3 });
    await page.mouse.move(b.x, b.y, { steps: 12 });
  };
  return {
    canvas,
    card,
    port,
    edges: page.locator('.react-flow__edge'),
    dragLine,
    /** Drags a type out of the palette to a place on the canvas, in pixels from its upper left corner. */
    async drag(type: string, x: number, y: number): Promise<void> {
      const entry = page.getByLabel('Nodes', { exact: true }).getByRole('button', { name: type, exact: true });
      const before = await page.locator('.react-flow__node').count();
      await entry.dragTo(canvas, { targetPosition: { x, y } });
      await expect(page.locator('.react-flow__node')).toHaveCount(before + 1);
    },
    async connect(from: string, to: string, fromPort?: string): Promise<void> {
      const before = await page.locator('.react-flow__edge').count();
      await dragLine(port(from, 'out', fromPort), port(to, 'in'));
      await page.mouse.up();
      await expect(page.locator('.react-flow__edge')).toHaveCount(before + 1);
    },
    async select(title: string): Promise<void> {
      await card(title).click();
      await expect(card(title)).toHaveClass(/selected/);
    },
    /** The form of what is selected. */
    form,
    field: (label: string): Locator => form.getByLabel(label).first(),
    tab: (name: string): Locator => page.getByRole('tab', { name }),
    /** What is below the canvas. */
    panel: page.getByLabel('Bottom panel').and(page.locator('section')),
    run: () => page.getByRole('button', { name: 'Run', exact: true }).click(),
    save: () => page.getByRole('button', { name: 'Save', exact: true }).click(),
    status: (title: string, status: string) => expect(card(title).locator(`[data-status="${status}"]`)).toBeVisible({ timeout: 60_000 }),
  };
}
