import { z } from 'zod';

/** Ids are branded strings, so that a run's id is never handed where a node's is wanted. */
export const WorkflowId = z.string().min(1).max(200).brand<'WorkflowId'>();
export type WorkflowId = z.infer<typeof WorkflowId>;

/** Unique within its workflow only. */
export const NodeId = z.string().min(1).max(200).brand<'NodeId'>();
export type NodeId = z.infer<typeof NodeId>;

/** Sorts by time of request: a UUIDv7 in lower case. */
export const RunId = z.string().min(1).max(100).brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** The workflow's id, followed by `:key` where it has several schedules. */
export const ScheduleId = z.string().min(1).max(300).brand<'ScheduleId'>();
export type ScheduleId = z.infer<typeof ScheduleId>;
