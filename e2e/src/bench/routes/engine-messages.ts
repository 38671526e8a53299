import { z } from 'zod';

/** What the process of the engine is told: whether routes change. */
export const engineCommand = z.enum(['change', 'rest']);
/** See {@link engineCommand}. */
export type EngineCommand = z.infer<typeof engineCommand>;

/** What it says: where it listens, and at each `rest` how many changes it has made since `change`. */
export const engineMessage = z.union([z.object({ port: z.int() }), z.object({ changes: z.int() })]);
