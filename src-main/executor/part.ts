import type { RunId } from '#shared/ids';
import { CLOSE_MS } from './ending.ts';
import type { Lease } from './pool.ts';
import type { World } from './world.ts';

/** Leaves a worker that goes on with other runs; what it still says of this one are samples. */
export function part(lease: Lease, id: RunId, world: Pick<World, 'samples'>): void {
  const stuck = setTimeout(() => lease.kill(), CLOSE_MS).unref();
  const leave = (): void => {
    clearTimeout(stuck);
    lease.release();
    void world.samples.keep(id);
  };
  lease.hold({
    message: (said) => {
      if (said.kind === 'sample' && said.runId === id) world.samples.add(id, said.node, said.port, said.sample);
      if (said.kind === 'closed' && said.runId === id) leave();
    },
    lost: leave,
  });
  lease.send({ kind: 'close', runId: id });
  lease.retire();
}
