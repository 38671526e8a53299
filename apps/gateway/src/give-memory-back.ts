import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Smaller changes leave so little behind that it is collected on the way. */
const manyResources = 1_000;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void;

let collect: Collect | null = null;

/**
 * Gives back what starting or compiling has taken, which V8 keeps otherwise until enough new garbage comes, and that may be never: 40 MB of a
 * start; of 10,000 routes three times what they take themselves.
 * @param isServing then it is only begun, which takes some milliseconds, and V8 goes on within a minute when there is little to do; else it is
 * done at once.
 */
export function giveMemoryBack({ isServing }: { readonly isServing: boolean }): void {
  collect ??= findCollector();
  collect({ type: 'major', execution: 'sync', flavor: isServing ? 'regular' : 'last-resort' });
}

/** The same after a change of so many resources, if they are many. */
export function giveMemoryBackAfter(resources: number, state: { readonly isServing: boolean }): void {
  if (resources >= manyResources) giveMemoryBack(state);
}

/** V8 hands its collector out to contexts that are made while it is told to. */
function findCollector(): Collect {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof found === 'function' ? (options) => void Reflect.apply(found, undefined, [options]) : () => undefined;
}
