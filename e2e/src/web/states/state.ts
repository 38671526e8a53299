import type { Place, Visitor } from '../places.ts';
import type { Seat } from './seat.ts';
import type { StatesWorld } from './states-world.ts';

/** A place as it stands after some steps, or as somebody finds it to whom nothing belongs, or who may not. */
export interface State extends Omit<Place, 'path'> {
  readonly path: (world: StatesWorld) => string;
  /** What somebody else does by the API each time before it is visited. */
  readonly before?: (world: StatesWorld) => Promise<void>;
}

type Told = readonly [
  visitor: Visitor,
  path: string | ((world: StatesWorld) => string),
  steps?: (at: Seat) => Promise<void>,
  ...statuses: number[],
];

/** States of a front-end, each by its name. */
export function statesIn(app: Place['app'], told: Readonly<Record<string, Told>>): State[] {
  return Object.entries(told).map(([name, [visitor, path, steps, ...statuses]]) => ({
    name: `${app}-${name}`,
    app,
    visitor,
    path: typeof path === 'string' ? () => path : path,
    ...(steps === undefined ? {} : { steps }),
    statuses,
  }));
}
