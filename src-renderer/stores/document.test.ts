import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Json } from '#shared/json';
import { rightWorkflow } from '../../src-shared/workflow/workflow.testing.ts';
import { edit, markSaved, noticeOutside, openDocument, redoIn, takeTheirs, undoIn } from './document.ts';
import { keepDrafts, QUIET_MS } from './draft-keeper.ts';
import { patchWorkflow } from './edit/change.ts';
import { sameMeaning } from './meaning.ts';

const opened = () => ({ workflow: rightWorkflow(), revision: 'r1', path: '/w.json', draft: null });
const named = (name: string) => (workflow: ReturnType<typeof rightWorkflow>) => patchWorkflow(workflow, { name });

describe('document', () => {
  it('is dirty while it differs from the file, also after undo and redo', () => {
    const document = openDocument(opened());
    edit(document, { edit: 'workflow', at: 0 }, named('b'));
    expect(document.getState().dirty).toBe(true);
    undoIn(document);
    expect(document.getState().dirty).toBe(false);
    redoIn(document);
    markSaved(document, document.getState().workflow, { revision: 'r2', path: '/w.json', at: 1 });
    expect(document.getState().dirty).toBe(false);
    undoIn(document);
    expect(document.getState().dirty).toBe(true);
  });

  it('comes back from a draft with its history, and says when the file moved on', () => {
    const document = openDocument(opened());
    edit(document, { edit: 'workflow', at: 0 }, named('b'));
    const { workflow, history } = document.getState();
    const again = openDocument({ ...opened(), revision: 'r9', draft: { workflow, baseRevision: 'r1', savedAt: 0, history: JSON.parse(JSON.stringify(history)) as Json } });
    expect(again.getState()).toMatchObject({ dirty: true, outside: { revision: 'r9' } });
    undoIn(again);
    expect(again.getState().workflow.name).toBe('Right');
  });

  it('does not take its own save for news, and can undo taking theirs', () => {
    const document = openDocument(opened());
    noticeOutside(document, 'r1');
    expect(document.getState().outside).toBeNull();
    edit(document, { edit: 'workflow', at: 0 }, named('mine'));
    noticeOutside(document, 'r2');
    takeTheirs(document, { ...opened(), workflow: named('theirs')(rightWorkflow()), revision: 'r2' }, 5000);
    expect(document.getState()).toMatchObject({ dirty: false, outside: null, revision: 'r2' });
    undoIn(document);
    expect(document.getState().workflow.name).toBe('mine');
  });
});

describe('drafts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps the newest state once it is quiet, and at once when flushed', async () => {
    const document = openDocument(opened());
    const save = vi.fn(() => Promise.resolve());
    const keeper = keepDrafts(rightWorkflow().id, document, { save, onFailure: () => undefined });
    edit(document, { edit: 'workflow', at: 0 }, named('a'));
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    edit(document, { edit: 'workflow', at: 1 }, named('b'));
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(save).toHaveBeenCalledOnce();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ baseRevision: 'r1', workflow: expect.objectContaining({ name: 'b' }) as unknown }));
    edit(document, { edit: 'workflow', at: 9000 }, named('c'));
    await keeper.flush();
    expect(save).toHaveBeenCalledTimes(2);
    await keeper.flush();
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('tries again after a failure', async () => {
    const document = openDocument(opened());
    const save = vi.fn().mockRejectedValueOnce(new Error('full')).mockResolvedValue(undefined);
    const onFailure = vi.fn();
    const keeper = keepDrafts(rightWorkflow().id, document, { save, onFailure });
    edit(document, { edit: 'workflow', at: 0 }, named('a'));
    await keeper.flush();
    expect(onFailure).toHaveBeenCalledOnce();
    await keeper.flush();
    expect(save).toHaveBeenCalledTimes(2);
  });
});

describe('meaning', () => {
  it('is not changed by moving, and is by configuring', () => {
    const workflow = rightWorkflow();
    const touched = (patch: object) => ({ ...workflow, nodes: workflow.nodes.map((node, index) => (index === 0 ? { ...node, ...patch } : node)) });
    expect(sameMeaning(workflow, touched({ position: { x: 9, y: 9 } }))).toBe(true);
    expect(sameMeaning(workflow, touched({ config: { path: 'other.csv' } }))).toBe(false);
  });
});
