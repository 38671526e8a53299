import type { IncomingMessage, ServerResponse } from 'node:http';

/** Passes an upstream's body on to the client, no faster than the client takes it. */
export function pumpResponse(
  from: IncomingMessage,
  to: ServerResponse,
  { stallMs, onBytes }: { stallMs: number; onBytes: (count: number) => void },
): void {
  let stall: NodeJS.Timeout | undefined;
  const cutOff = () => {
    clearTimeout(stall);
    to.destroy();
  };
  from.on('data', (chunk: Buffer) => {
    if (to.destroyed) return;
    onBytes(chunk.length);
    if (to.write(chunk)) return;
    from.pause();
    stall = setTimeout(cutOff, stallMs);
  });
  to.on('drain', () => {
    clearTimeout(stall);
    from.resume();
  });
  from.once('end', () => to.end());
  from.once('close', () => {
    if (!from.complete) cutOff();
  });
  to.once('close', () => clearTimeout(stall));
}
