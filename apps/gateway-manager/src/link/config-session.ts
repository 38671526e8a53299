import type { Writable } from 'node:stream';
import { type Command, type ConfigLine, type GroupPosition, linkTiming } from '@tollgate/contracts/dataplane';
import { type Sequence, sequences } from '@tollgate/contracts/gateway';
import type { EncodedSteps } from './encoded-steps.ts';
import type { LinkPeer } from './link-request.ts';

/** What a session needs from its surroundings. */
export interface SessionContext {
  readonly peer: LinkPeer;
  readonly response: Writable;
  readonly steps: Pick<EncodedSteps, 'next'>;
  /** Current generation of a group; see {@link EncodedSteps}. */
  generationOf(groupId: string): number;
  onFailure(cause: unknown): void;
}

type Held = Record<Sequence, { position: number; hash: string | undefined }>;

/**
 * One open config stream. It keeps no queue: a change only marks its group as due, and the writer asks for the way from what was
 * last written to now, so whatever happens meanwhile is one step and memory stays bounded however slow the reader is.
 */
export class ConfigSession {
  readonly #held = new Map<string, Held>();
  readonly #due = new Map<string, Set<Sequence>>();
  readonly #pinger: NodeJS.Timeout;
  #isWriting = false;
  #isClosed = false;
  #waitingSince: number | undefined;

  constructor(
    private readonly context: SessionContext,
    positions: readonly GroupPosition[],
    private readonly timing: { pingIntervalMs: number; silenceTimeoutMs: number } = linkTiming,
  ) {
    for (const { groupId, revision, access, revisionHash, accessHash } of positions) {
      this.#held.set(groupId, {
        revision: { position: revision, hash: revisionHash },
        access: { position: access, hash: accessHash },
      });
    }
    context.response.once('close', () => this.close());
    this.#pinger = setInterval(() => this.#ping(), timing.pingIntervalMs).unref();
  }

  get peer(): LinkPeer {
    return this.context.peer;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Writes one line now; used for what needs no order. */
  send(line: ConfigLine): void {
    if (!this.#isClosed) this.context.response.write(`${JSON.stringify(line)}\n`);
  }

  sendCommand(command: Command): void {
    this.send({ type: 'command', ...command });
  }

  /** The groups of the pool as they are now: new ones are due, those that left are taken away. */
  setGroups(groupIds: readonly string[]): void {
    const served = new Set(groupIds);
    for (const groupId of this.#held.keys()) {
      if (served.has(groupId)) continue;
      this.#held.delete(groupId);
      this.#due.delete(groupId);
      this.send({ type: 'leave', groupId });
    }
    for (const groupId of groupIds) {
      if (!this.#held.has(groupId)) this.#held.set(groupId, nothingHeld());
      this.#due.set(groupId, new Set(sequences));
    }
    this.#write();
  }

  /** The sequence of a group may have moved. */
  markDue(groupId: string, sequence: Sequence): void {
    if (!this.#held.has(groupId)) return;
    const due = this.#due.get(groupId) ?? new Set();
    this.#due.set(groupId, due.add(sequence));
    this.#write();
  }

  /** Ends the stream; the data plane reconnects unless it was refused for good. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#pinger);
    this.context.response.destroy();
  }

  #write(): void {
    if (this.#isWriting || this.#isClosed) return;
    this.#isWriting = true;
    this.#writeDue()
      .catch((cause: unknown) => {
        this.context.onFailure(cause);
        this.close();
      })
      .finally(() => {
        this.#isWriting = false;
      });
  }

  async #writeDue(): Promise<void> {
    for (let next = this.#takeDue(); next !== undefined && !this.#isClosed; next = this.#takeDue()) {
      await this.#writeStep(next.groupId, next.sequence);
    }
    this.send({ type: 'synced' });
  }

  /** Revisions before access state, group by group. */
  #takeDue(): { groupId: string; sequence: Sequence } | undefined {
    for (const [groupId, due] of this.#due) {
      const sequence = sequences.find((candidate) => due.delete(candidate));
      if (due.size === 0) this.#due.delete(groupId);
      if (sequence !== undefined) return { groupId, sequence };
    }
    return undefined;
  }

  async #writeStep(groupId: string, sequence: Sequence): Promise<void> {
    const held = this.#held.get(groupId)?.[sequence];
    if (held === undefined) return;
    const generation = this.context.generationOf(groupId);
    const { chunks, to, hash } = await this.context.steps.next({
      groupId,
      sequence,
      from: held.position,
      hash: held.hash,
      generation,
    });
    for (const chunk of chunks) {
      if (this.#isClosed || this.#held.get(groupId)?.[sequence] !== held) return;
      if (!this.context.response.write(chunk)) await this.#drained();
    }
    held.position = to;
    held.hash = hash;
  }

  async #drained(): Promise<void> {
    this.#waitingSince = performance.now();
    await new Promise<void>((resolve) => {
      this.context.response.once('drain', resolve);
      this.context.response.once('close', resolve);
    });
    this.#waitingSince = undefined;
  }

  /** A reader that took nothing for the time of silence is cut, and one whose certificate has ended; both may come back. */
  #ping(): void {
    const isStuck =
      this.#waitingSince !== undefined && performance.now() - this.#waitingSince > this.timing.silenceTimeoutMs;
    if (isStuck || this.peer.notAfter < new Date()) this.close();
    else if (this.#waitingSince === undefined) this.send({ type: 'ping', time: Date.now() });
  }
}

function nothingHeld(): Held {
  return { revision: { position: 0, hash: undefined }, access: { position: 0, hash: undefined } };
}
