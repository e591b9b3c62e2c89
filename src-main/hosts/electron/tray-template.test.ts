import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import type { BoardRun } from './run-board.ts';
import { readsAs, trayTemplate, trayTooltip } from './tray-template.ts';
import type { TrayState } from './tray-template.ts';

const now = Date.UTC(2026, 10, 25, 12);
const run = (id: string, workflowName = 'Orders', since = now - 120_000): BoardRun => ({ id: RunId.parse(id), workflowId: WorkflowId.parse('orders'), workflowName, trigger: 'schedule', status: 'running', since });
const state = (change: Partial<TrayState> = {}): TrayState => ({
  summary: { next: { scheduleId: ScheduleId.parse('orders'), workflowName: 'Orders', at: now + 300_000 }, allPaused: false, scheduled: 1 },
  running: [],
  failed: [],
  now,
  ...change,
});
const acts = () => ({ show: vi.fn(), pauseAll: vi.fn(), resumeAll: vi.fn(), quit: vi.fn() });
const labels = (items: readonly MenuItemConstructorOptions[]): string[] => items.map((item) => item.label ?? '—');
const click = (items: readonly MenuItemConstructorOptions[], id: string): void => (items.find((item) => item.id === id)!.click as unknown as () => void)();

const read = (change: Partial<TrayState>): string => readsAs(trayTemplate(state(change), 'en', acts()));

describe('the tray’s menu', () => {
  it('shows the next run, what is running and what failed', () => {
    const items = trayTemplate(state({ running: [run('r1', 'R&D')], failed: [run('r2', 'Stock', now - 3_600_000)] }), 'en', acts());
    expect(labels(items)).toEqual([
      expect.stringMatching(/^Next: Orders, in 5 minutes \(\d\d:\d\d\)$/), '—', 'Running now', 'R&&D · 2 minutes', '—', 'Recent failures', 'Stock · 1 hour ago', '—',
      'Pause all schedules', '—', 'Open Millrace', 'Quit',
    ]);
  });

  it('says what there is not', () => {
    const items = trayTemplate(state({ summary: { next: null, allPaused: false, scheduled: 0 } }), 'en', acts());
    expect(labels(items)).toEqual(['No run is scheduled', '—', 'Nothing is running', '—', 'Pause all schedules', '—', 'Open Millrace', 'Quit']);
  });

  it('opens what is chosen', () => {
    const chosen = acts();
    const items = trayTemplate(state({ running: [run('r1')], failed: [run('r2')] }), 'en', chosen);
    for (const id of ['r1', 'r2', 'next', 'open']) click(items, id);
    expect(chosen.show.mock.calls).toEqual([['#/runs/r1'], ['#/runs/r2'], ['#/schedules'], []]);
    click(items, 'pauseAll');
    click(items, 'quit');
    expect([chosen.pauseAll, chosen.resumeAll, chosen.quit].map((act) => act.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('resumes what was paused', () => {
    const chosen = acts();
    const items = trayTemplate(state({ summary: { ...state().summary, allPaused: true } }), 'en', chosen);
    expect(labels(items)).toEqual(expect.arrayContaining(['All schedules are paused', 'Resume all schedules']));
    click(items, 'resumeAll');
    expect(chosen.resumeAll).toHaveBeenCalledOnce();
  });

  it('shows eight running runs and how many more there are', () => {
    const chosen = acts();
    const items = trayTemplate(state({ running: Array.from({ length: 30 }, (_, at) => run(`r${at}`)) }), 'en', chosen);
    expect(labels(items).filter((label) => label.startsWith('Orders'))).toHaveLength(8);
    expect(labels(items)).toContain('22 more…');
    click(items, 'more');
    expect(chosen.show).toHaveBeenCalledWith('#/runs');
  });

  it('speaks Chinese', () => {
    const items = trayTemplate(state({ running: [run('r1')], failed: [run('r2')] }), 'zh', acts());
    expect(labels(items).filter((label) => label !== '—' && !/\p{Script=Han}/u.test(label))).toEqual([]);
  });

  it('shows a long name short, in the tooltip too', () => {
    const long = 'x'.repeat(300);
    const shown = state({ summary: { next: { scheduleId: ScheduleId.parse('s'), workflowName: long, at: now }, allPaused: false, scheduled: 1 } });
    expect(trayTemplate(shown, 'en', acts())[0]?.label).toMatch(/^Next: x{47}…, now$/);
    expect(trayTooltip(shown, 'en').length).toBeLessThanOrEqual(127);
    expect(trayTooltip(state(), 'en')).toMatch(/^Millrace\nNext: Orders, in 5 minutes/);
  });

  it('reads the same while nothing that shows has changed', () => {
    expect(read({ now: now + 1 })).toBe(read({ now: now + 2 }));
    expect(read({ now: now + 61_000 })).not.toBe(read({}));
  });
});
