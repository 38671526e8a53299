import type { Upgrade } from '../exchange/exchange-client.ts';
import type { UpstreamHead } from '../exchange/upstream-channel.ts';
import type { CallState } from '../execute/call-state.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { Socket } from '../sockets/socket.ts';
import type { AnswerWriter } from './answer-writer.ts';
import type { ConnectionLife } from './connection-life.ts';
import { joinSockets, writeThrough } from './tunnel.ts';

/** What making a tunnel of a connection works with. */
export interface UpgradeParts {
  readonly socket: Socket;
  readonly scratch: Scratch;
  readonly answer: AnswerWriter;
  /** The life of the connection that becomes a tunnel. */
  readonly life: ConnectionLife;
}

/** Whether a protocol in Upgrade is one that is passed through. */
export function isWebSocket(protocol: string | null): protocol is string {
  return protocol !== null && protocol.toLowerCase() === 'websocket';
}

/** Makes a tunnel of a connection whose client asks for WebSocket. */
export class WebSocketUpgrade implements Upgrade {
  constructor(
    readonly protocol: string,
    private readonly parts: UpgradeParts,
  ) {}

  agree(call: CallState, head: UpstreamHead, bytes: Buffer): void {
    this.parts.answer.writeSwitch(call, head, bytes, this.protocol);
  }

  switchTo(upstream: Socket, firstBytes: Buffer): void {
    const { socket, scratch, life } = this.parts;
    const { received } = life;
    const waiting = Buffer.from(received.bytes.subarray(received.start, received.end));
    received.clear();
    life.becomeTunnel(joinSockets(socket, upstream, { scratch, ended: () => life.close() }));
    writeThrough(scratch, upstream, waiting, waiting.length);
    writeThrough(scratch, socket, firstBytes, firstBytes.length);
  }
}
