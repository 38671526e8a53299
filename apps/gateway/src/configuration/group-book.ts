import type { ChangeAcknowledgement, ConfigLine, GroupPosition } from '@tollgate/contracts/dataplane';
import type { ResourceKey, Sequence } from '@tollgate/contracts/gateway';
import type { ResourceText } from '@tollgate/engine';
import type { Configuration } from '../workers/data-plane.ts';

/** What the control plane's lines must go on from is not what this data plane holds: connect again and say what it is. */
export class OutOfStep extends Error {
  override readonly name = 'OutOfStep';
}

interface OpenChange {
  readonly groupId: string;
  readonly sequence: Sequence;
  readonly isSnapshot: boolean;
  readonly from: number;
  readonly put: ResourceText[];
  readonly delete: ResourceKey[];
}

type ChangeLine = Extract<ConfigLine, { type: 'begin' | 'put' | 'delete' | 'end' | 'leave' }>;
type EndLine = Extract<ConfigLine, { type: 'end' }>;

/** A place in a sequence, and the hash of what there is then. */
interface Mark {
  readonly position: number;
  readonly hash: string | undefined;
}

/** How far one sequence of a group has come: at the primary, and at every worker. */
interface Held {
  handedOver: Mark;
  inForce: Mark;
}

/** What came of a change that is complete. */
export interface TakenChange {
  readonly acknowledgement: ChangeAcknowledgement;
  /** Resolves when the acknowledgement is true: every worker has the change in force, or it is refused. Changes get there in their order. */
  readonly inForce: Promise<void>;
}

const maxFaults = 50;

/**
 * What this data plane has in force of each group. A change is put in force as a whole, between two requests, or refused as a
 * whole; what was in force before stays until then.
 */
export class GroupBook {
  readonly #held = new Map<string, Record<Sequence, Held>>();
  #open: OpenChange | null = null;

  constructor(private readonly configuration: Pick<Configuration, 'handOver' | 'removeGroup'>) {}

  /** What the primary holds and every worker has or will have in force: where to go on from, for the next connection. */
  positions(): GroupPosition[] {
    return this.#marks('handedOver');
  }

  /** What every worker has in force. */
  inForce(): GroupPosition[] {
    return this.#marks('inForce');
  }

  /** A new stream begins: what the old one left unfinished is forgotten. */
  startStream(): void {
    this.#open = null;
  }

  /** Takes over what the disk holds of a group; false when the engine refuses it. */
  async restore(groupId: string, sequence: Sequence, held: RestoredSequence): Promise<boolean> {
    const { position, hash, resources } = held;
    const change = { isSnapshot: true, put: resources, expectedHash: hash };
    const { result, inForce } = await this.configuration.handOver(groupId, sequence, change);
    if (result.ok) await this.#handedOver({ groupId, sequence, mark: { position, hash }, inForce });
    return result.ok;
  }

  /**
   * Takes one line, after the one before. Resolves to what came of it when the line completed a change, which is refused then, or on its way to
   * the workers.
   * @throws OutOfStep
   */
  async take(line: ChangeLine): Promise<TakenChange | null> {
    switch (line.type) {
      case 'begin':
        this.#begin(line);
        return null;
      case 'put':
        this.#opened().put.push({ kind: line.kind, id: line.id, text: JSON.stringify(line.value) });
        return null;
      case 'delete':
        this.#opened().delete.push({ kind: line.kind, id: line.id });
        return null;
      case 'end':
        return this.#end(line);
      case 'leave':
        await this.#leave(line.groupId);
        return null;
    }
  }

  #begin({ groupId, sequence, mode, from }: Extract<ConfigLine, { type: 'begin' }>): void {
    const held = this.#held.get(groupId)?.[sequence].handedOver.position ?? 0;
    if (mode === 'delta' && from !== held) {
      throw new OutOfStep(`a change of ${sequence} from ${from} came while ${held} is held`);
    }
    this.#open = { groupId, sequence, isSnapshot: mode === 'snapshot', from, put: [], delete: [] };
  }

  #opened(): OpenChange {
    if (this.#open === null) throw new OutOfStep('a resource came outside a change');
    return this.#open;
  }

  async #end(line: EndLine): Promise<TakenChange> {
    const { groupId, sequence, isSnapshot, put, delete: gone } = this.#opened();
    const position = positionOf(line, sequence);
    if (line.groupId !== groupId || position === null) throw new OutOfStep('a change ended that had not begun');
    this.#open = null;
    const change = { isSnapshot, put, delete: gone, expectedHash: line.hash };
    const { result, inForce } = await this.configuration.handOver(groupId, sequence, change);
    if (result.ok) {
      const mark = { position, hash: line.hash };
      return {
        acknowledgement: { outcome: 'applied', groupId, sequence, position },
        inForce: this.#handedOver({ groupId, sequence, mark, inForce }),
      };
    }
    // A new start: what is still on its way to the workers does not lead on from here.
    if (result.reason === 'hash-mismatch') this.#heldOf(groupId)[sequence] = nothingHeld();
    const faults = result.faults.slice(0, maxFaults).map(({ kind, id, pointer, message }) => ({
      kind,
      id,
      pointer: pointer.slice(0, 500),
      message: message.slice(0, 1000),
    }));
    const detail = faults[0]?.message ?? 'what arrived does not have the hash that was announced';
    return {
      acknowledgement: { outcome: 'refused', groupId, sequence, position, reason: result.reason, detail, faults },
      inForce,
    };
  }

  /** Runs in the turn of the event loop in which the change was taken, so the cache is never written with what it holds and another position. */
  async #handedOver({ groupId, sequence, mark, inForce }: HandedOverMark): Promise<void> {
    const held = this.#heldOf(groupId)[sequence];
    held.handedOver = mark;
    await inForce;
    held.inForce = mark;
  }

  async #leave(groupId: string): Promise<void> {
    if (this.#open?.groupId === groupId) this.#open = null;
    this.#held.delete(groupId);
    await this.configuration.removeGroup(groupId);
  }

  #heldOf(groupId: string): Record<Sequence, Held> {
    const known = this.#held.get(groupId);
    if (known !== undefined) return known;
    const fresh = { revision: nothingHeld(), access: nothingHeld() };
    this.#held.set(groupId, fresh);
    return fresh;
  }

  #marks(which: keyof Held): GroupPosition[] {
    return [...this.#held].map(([groupId, { revision, access }]) => ({
      groupId,
      revision: revision[which].position,
      access: access[which].position,
      ...(revision[which].hash === undefined ? {} : { revisionHash: revision[which].hash }),
      ...(access[which].hash === undefined ? {} : { accessHash: access[which].hash }),
    }));
  }
}

interface HandedOverMark {
  readonly groupId: string;
  readonly sequence: Sequence;
  readonly mark: Mark;
  readonly inForce: Promise<void>;
}

function nothingHeld(): Held {
  const mark = { position: 0, hash: undefined };
  return { handedOver: mark, inForce: mark };
}

/** One sequence of a group as it lies on disk. */
export interface RestoredSequence {
  readonly position: number;
  readonly hash: string;
  readonly resources: readonly ResourceText[];
}

function positionOf(line: EndLine, sequence: Sequence): number | null {
  if (sequence === 'revision') return 'revision' in line ? line.revision : null;
  return 'access' in line ? line.access : null;
}
