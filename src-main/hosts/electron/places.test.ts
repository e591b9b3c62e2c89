import { expect, it } from 'vitest';
import { WINDOW_URL } from './addresses.ts';
import { isAt, placeIn, runPlace, runsOf } from './places.ts';
import { RunId } from '#shared/ids';

it('names places as the window’s router does', () => {
  expect(runPlace(RunId.parse('a/b'))).toBe('#/runs/a%2Fb');
  expect(runsOf('a b')).toBe('#/runs?workflow=a%20b');
});

it('reads them back from the window’s address', () => {
  expect(placeIn(`${WINDOW_URL}#/runs/7`)).toBe('#/runs/7');
  expect([WINDOW_URL, `${WINDOW_URL}#top`, 'https://example.org/#/runs/7', ''].map(placeIn)).toEqual([null, null, null, null]);
});

it('knows a place at another moment, and not one whose name only begins alike', () => {
  expect(isAt('#/runs/7?at=3', '#/runs/7')).toBe(true);
  expect(isAt('#/runs/7', '#/runs/7')).toBe(true);
  expect(isAt('#/runs/70', '#/runs/7')).toBe(false);
  expect(isAt(null, '#/runs/7')).toBe(false);
});
