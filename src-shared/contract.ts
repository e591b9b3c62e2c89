import { connectionsContract } from '#shared/contract/connections';
import { runsContract } from '#shared/contract/runs';
import { schedulesContract } from '#shared/contract/schedules';
import { filesContract, studioContract } from '#shared/contract/studio';
import { workflowsContract } from '#shared/contract/workflows';

/**
 * Every call and stream the window may use. A call is a line in its noun's file and a handler in src-main/api; a missing handler
 * does not compile. Errors cross as `ErrorInfo` (see #shared/errors) in the oRPC error's data.
 */
export const contract = {
  studio: studioContract,
  files: filesContract,
  workflows: workflowsContract,
  connections: connectionsContract,
  runs: runsContract,
  schedules: schedulesContract,
};
export type Contract = typeof contract;
