import { api } from './context.ts';
import { connections } from './connections.ts';
import { files } from './files.ts';
import { runs } from './runs.ts';
import { schedules } from './schedules.ts';
import { studio } from './studio.ts';
import { workflows } from './workflows.ts';

/** Every call of the contract, answered. A call without a handler does not compile. */
export const router = api.router({ studio, files, connections, workflows, runs, schedules });
