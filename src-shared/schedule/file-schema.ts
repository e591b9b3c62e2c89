import { z } from 'zod';
import { isInstant } from '#shared/schedule/file-keys';
import { ScheduleDefinition, SchedulePolicy, ScheduleTimes } from '#shared/schedule/schedule';
import { Workflow } from '#shared/workflow/workflow';

const { key, label, enabled } = ScheduleDefinition.shape;
const Instant = z.union([z.string(), z.int()]).describe('An ISO time such as 2026-01-31T08:00:00Z; without an offset it is on the clock of timeZone. Or ms since 1970.');
const TimeZone = z.string().describe('An IANA name such as Europe/Zurich; UTC where it is left out.').optional();
const Later = Instant.optional();

type Fields = Readonly<Record<string, z.ZodType>>;

/** The times of a kind as a file may say them: a schedule is flat there, and instants are texts. */
const flat = (shape: Fields): Fields => Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, isInstant(name) ? (name === 'at' ? Instant : Later) : name === 'timeZone' ? TimeZone : field]));

const kinds = ScheduleTimes.options.map(({ shape }) => z.looseObject(flat(shape)));
const Schedule = z.intersection(z.looseObject({ key, label, enabled, ...SchedulePolicy.shape }), z.union(kinds)).meta({ id: 'schedule' });

/** What stands under `metadata.schedule`: one schedule, a list of them, or the seed's shape. For the JSON Schema that editors use; readSchedules says what is wrong in words. */
export const ScheduleInFile = z.union([Schedule, z.array(Schedule), z.looseObject({ scheduleType: z.string() })]);

/** A workflow's file with its schedules spelled out: what the JSON Schema that ships is made from. */
export const WorkflowFile = Workflow.extend({ metadata: z.looseObject({ schedule: ScheduleInFile.optional() }).default({}) });
