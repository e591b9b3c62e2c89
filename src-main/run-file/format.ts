import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LogLine } from '#shared/contract/runs';
import { Sample } from '#shared/data';
import type { StudioEvent } from '#shared/events';
import { EVENTS } from '#shared/events';
import { RunId } from '#shared/ids';
import { JsonObject } from '#shared/json';
import { isEventType } from '#shared/run/upcast';

/** What tells an exported run from any other JSON. */
export const RUN_FORMAT = 'millrace-run';
/** Goes up when an older Millrace could no longer read what this one writes. */
export const RUN_FORMAT_VERSION = 1;
/** Of a file, in bytes: what is larger is not read, nor written. Half of what a request may have, because its quotes are escaped on the way. */
export const LARGEST_RUN_FILE = 32 * 2 ** 20;

/** Milliseconds since the epoch, of a day that a calendar has. */
const Moment = z.number().min(-8.64e15).max(8.64e15);

/** Data has the shape of its schema number; see run/upcast.ts. */
const FileEvent = z.object({
  version: z.int().min(1),
  type: z.string().refine(isEventType, 'This Millrace knows no such event.'),
  schema: z.int().min(1),
  at: Moment,
  id: z.string().min(1).max(200),
  data: JsonObject,
});

/** Node → port → rows. */
export const RunSamples = z.record(z.string(), z.record(z.string(), Sample));
export type RunSamples = z.infer<typeof RunSamples>;

/** An exported run: one JSON file. `sha256` is of run, events, console and samples, in this order: it tells damage, not who wrote it. */
export const RunFile = z.object({
  format: z.literal(RUN_FORMAT),
  formatVersion: z.literal(RUN_FORMAT_VERSION),
  exportedAt: z.iso.datetime(),
  /** The version of the Millrace that wrote it. */
  millrace: z.string(),
  sha256: z.string(),
  run: RunId,
  events: z.array(FileEvent).min(1),
  console: z.array(LogLine.extend({ at: Moment })),
  samples: RunSamples,
});
export type RunFile = z.infer<typeof RunFile>;

/** All there is of a run, without its place in a journal. */
export type RunContent = Pick<RunFile, 'run' | 'events' | 'console' | 'samples'>;

/** An event as a file holds it. The journal gives data in its newest shape, whatever number it was written under. */
export const fileEvent = ({ version, type, at, id, data }: StudioEvent): RunFile['events'][number] => ({ version, type, schema: EVENTS[type].schema, at, id, data: data as unknown as JsonObject });

/** The four parts of a content as JSON, in the order in which they stand in the file. Order of keys counts, and JSON keeps it. */
export const partsOf = ({ run, events, console, samples }: RunContent): readonly string[] => [run, events, console, samples].map((part) => JSON.stringify(part));

/** What `sha256` says of a content, by its parts. */
export const contentHash = (parts: readonly string[]): string => createHash('sha256').update(`[${parts.join(',')}]`).digest('hex');
