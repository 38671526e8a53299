import { createEngine, type Engine, type GroupDelta } from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import { resourcesOf } from './route-set.ts';

const groupId = 'bench';

/** An engine with the shipped policies and nothing in it. */
export async function newEngine(): Promise<Engine> {
  return createEngine({ policies });
}

/** Puts a change in force. Throws when it is refused. */
export function change(engine: Engine, delta: GroupDelta): void {
  const result = engine.apply(groupId, 'revision', delta);
  if (!result.ok) throw new Error(`the engine refuses a change: ${JSON.stringify(result.faults.slice(0, 3))}`);
}

/** Builds a configuration of that many routes, as after a start; gives the seconds it took. */
export function build(engine: Engine, count: number, upstreamPort: number): number {
  const put = resourcesOf(count, upstreamPort);
  const started = performance.now();
  change(engine, { isSnapshot: true, put });
  const seconds = (performance.now() - started) / 1000;
  const access = engine.apply(groupId, 'access', { isSnapshot: true, put: [] });
  if (!access.ok) throw new Error('the engine refuses an empty access state');
  return seconds;
}
