import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placeWindow, readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const primary = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 1200, height = 800) => ({ bounds: { x, y, width, height }, maximized: false });

describe('where the window opens', () => {
  it('is where it stood, on a second screen too', () => {
    expect(placeWindow(at(2000, 100), primary, [primary, right])).toEqual({ x: 2000, y: 100, width: 1200, height: 800 });
  });

  it('is in the middle when that screen is gone, in its old size as far as it fits', () => {
    expect(placeWindow(at(2000, 100, 2400), primary, [primary])).toEqual({ width: 1920, height: 800 });
  });

  it('is never above the screen, nor so far aside that no title shows', () => {
    for (const gone of [at(100, -300), at(1900, 0), at(-1150, 0), at(0, 1035)]) expect(placeWindow(gone, primary, [primary])).not.toHaveProperty('x');
  });

  it('is the usual size the first time, and never under the smallest', () => {
    expect(placeWindow(null, primary, [primary])).toEqual({ width: 1440, height: 900 });
    expect(placeWindow(null, { ...primary, width: 800, height: 500 }, [primary])).toEqual(SMALLEST);
    expect(placeWindow(at(0, 0, 10, 10), primary, [primary])).toMatchObject(SMALLEST);
  });
});

describe('the file it is kept in', () => {
  it('gives back what was kept', () => {
    const file = join(folder, 'window.json');
    writeWindowState(file, { ...at(5, 6), maximized: true });
    expect(readWindowState(file)).toEqual({ ...at(5, 6), maximized: true });
  });

  it.each(['', '{', 'null', '{"bounds":{"x":"a"}}', '{"bounds":{"x":1e9,"y":0,"width":0.5,"height":1},"maximized":false}'])('is ignored when it says %s', (text) => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeNull();
  });

  it('is nothing the first time', () => {
    expect(readWindowState(join(folder, 'none.json'))).toBeNull();
  });
});
