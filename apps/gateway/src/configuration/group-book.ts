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
type Positions = Record<Sequence, { position: number; hash: string | undefined }>;

const maxFaults = 50;

/**
 * What this data plane has in force of each group. A change is put in force as a whole, between two requests, or refused as a
 * whole; what was in force before stays until then.
 */
export class GroupBook {
  readonly #positions = new Map<string, Positions>();
  #open: OpenChange | null = null;

  constructor(private readonly configuration: Configuration) {}

  /** Where to go on from, for the next connection. */
  positions(): GroupPosition[] {
    return [...this.#positions].map(([groupId, { revision, access }]) => ({
      groupId,
      revision: revision.position,
      access: access.position,
      ...(revision.hash === undefined ? {} : { revisionHash: revision.hash }),
      ...(access.hash === undefined ? {} : { accessHash: access.hash }),
    }));
  }

  /** A new stream begins: what the old one left unfinished is forgotten. */
  startStream(): void {
    this.#open = null;
  }

  /** Takes over what the disk holds of a group; false when the engine refuses it. */
  async restore(groupId: string, sequence: Sequence, held: RestoredSequence): Promise<boolean> {
    const { position, hash, resources } = held;
    const change = { isSnapshot: true, put: resources, expectedHash: hash };
    const result = await this.configuration.apply(groupId, sequence, change);
    if (result.ok) this.#positionsOf(groupId)[sequence] = { position, hash };
    return result.ok;
  }

  /**
   * Takes one line, after the one before. Resolves to the acknowledgement when the line completed a change: every worker has it in force
   * then.
   * @throws OutOfStep
   */
  async take(line: ChangeLine): Promise<ChangeAcknowledgement | null> {
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
    const held = this.#positions.get(groupId)?.[sequence].position ?? 0;
    if (mode === 'delta' && from !== held) {
      throw new OutOfStep(`a change of ${sequence} from ${from} came while ${held} is in force`);
    }
    this.#open = { groupId, sequence, isSnapshot: mode === 'snapshot', from, put: [], delete: [] };
  }

  #opened(): OpenChange {
    if (this.#open === null) throw new OutOfStep('a resource came outside a change');
    return this.#open;
  }

  async #end(line: EndLine): Promise<ChangeAcknowledgement> {
    const { groupId, sequence, isSnapshot, put, delete: gone } = this.#opened();
    const position = positionOf(line, sequence);
    if (line.groupId !== groupId || position === null) throw new OutOfStep('a change ended that had not begun');
    this.#open = null;
    const change = { isSnapshot, put, delete: gone, expectedHash: line.hash };
    const result = await this.configuration.apply(groupId, sequence, change);
    if (result.ok) {
      this.#positionsOf(groupId)[sequence] = { position, hash: line.hash };
      return { outcome: 'applied', groupId, sequence, position };
    }
    if (result.reason === 'hash-mismatch') this.#positionsOf(groupId)[sequence] = { position: 0, hash: undefined };
    const faults = result.faults.slice(0, maxFaults).map(({ kind, id, pointer, message }) => ({
      kind,
      id,
      pointer: pointer.slice(0, 500),
      message: message.slice(0, 1000),
    }));
    const detail = faults[0]?.message ?? 'what arrived does not have the hash that was announced';
    return { outcome: 'refused', groupId, sequence, position, reason: result.reason, detail, faults };
  }

  async #leave(groupId: string): Promise<void> {
    if (this.#open?.groupId === groupId) this.#open = null;
    this.#positions.delete(groupId);
    await this.configuration.removeGroup(groupId);
  }

  #positionsOf(groupId: string): Positions {
    const known = this.#positions.get(groupId);
    if (known !== undefined) return known;
    const fresh = { revision: { position: 0, hash: undefined }, access: { position: 0, hash: undefined } };
    this.#positions.set(groupId, fresh);
    return fresh;
  }
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
