import type { IncomingMessage } from 'node:http';
import type { EngineLimits } from './limits.ts';

/**
 * Decides about a body that nobody will read because the answer is there already: a short rest is read and dropped within
 * the limits, so that the connection can be kept (true); otherwise the connection must close after the answer (false).
 */
export function dropRestOfBody(request: IncomingMessage, restBytes: number | null, limits: EngineLimits): boolean {
  if (request.complete) return true;
  if (restBytes === null || restBytes > limits.drainLimitBytes) return false;
  const cut = setTimeout(() => request.socket.destroy(), limits.bodyStallMs);
  request.once('close', () => clearTimeout(cut));
  return true;
}
