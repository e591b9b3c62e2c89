import { describe, expect, it } from 'vitest';
import { href, parseRoute } from './router.ts';
import type { Route } from './router.ts';

const routes: readonly Route[] = [
  { place: 'library' },
  { place: 'edit', workflowId: 'a b/ü?' },
  { place: 'edit', workflowId: 'a', fork: { run: '0190-abc', version: 12 } },
  { place: 'edit', workflowId: 'a', schedule: '' },
  { place: 'edit', workflowId: 'a', fork: { run: 'x', version: 2 }, schedule: 'night-run' },
  { place: 'runs' },
  { place: 'runs', workflowId: 'x&y=z' },
  { place: 'run', runId: '0190-abc' },
  { place: 'run', runId: '0190-abc', version: 17 },
  { place: 'compare', left: 'a/b' },
  { place: 'compare', left: 'a', right: 'b?c' },
  { place: 'compare', left: 'a', right: 'b', node: 'keep & go' },
  { place: 'schedules' },
  { place: 'schedules', schedule: 'a:b c' },
  { place: 'schedules', view: 'calendar' },
  { place: 'schedules', view: 'history', schedule: 'a&b' },
  { place: 'monitor' },
  { place: 'settings' },
  { place: 'settings', view: 'connections' },
];

describe('addresses', () => {
  it.each(routes)('of $place are read back', (route) => expect(parseRoute(href(route))).toEqual(route));
  it.each(['', '#', '#/', '#/nowhere', '#/edit', '#/edit/'])('"%s" is the library', (hash) => expect(parseRoute(hash)).toEqual({ place: 'library' }));
  it.each(['x', '@3', 'x@', 'x@0', 'x@-1', 'x@1.5'])('a fork "%s" is none', (fork) => expect(parseRoute(`#/edit/a?fork=${fork}`)).toEqual({ place: 'edit', workflowId: 'a' }));
  it.each(['0', '-3', '1.5', 'x', ''])('of a run at "%s" is the run as it is', (at) => expect(parseRoute(`#/runs/a?at=${at}`)).toEqual({ place: 'run', runId: 'a' }));
  it('survives a broken escape', () => expect(parseRoute('#/edit/%E0%A4%A')).toEqual({ place: 'edit', workflowId: '%E0%A4%A' }));
});
