import { z } from 'zod';

/** Base URLs by part: `console`, `portal`, `link`, a service's name, `http` and `https` of a gateway, `bookshop`. */
export const urlsByPart = z.record(z.string(), z.url());

/**
 * What a process tells the parent that started it, over the Node IPC channel, once it accepts work. When `urls` has
 * `status`, the parent also waits until `<status>/readyz` answers 200.
 */
export const readyMessage = z.object({ type: z.literal('ready'), urls: urlsByPart });

/** See {@link readyMessage}. */
export type ReadyMessage = z.infer<typeof readyMessage>;

/** Tells the parent where this process listens. Does nothing in a process that was started without an IPC channel. */
export function announceReady(urls: Record<string, string>): void {
  process.send?.({ type: 'ready', urls } satisfies ReadyMessage);
}

/** With this exit code a process says that it met something that passes by itself: whoever started it may start it again at once. */
export const tryAgainExitCode = 75;
