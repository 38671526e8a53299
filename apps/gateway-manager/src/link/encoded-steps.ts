import { Inject, Injectable } from '@nestjs/common';
import type { ConfigLine } from '@tollgate/contracts/dataplane';
import type { Sequence } from '@tollgate/contracts/gateway';
import { CONFIG_FEED, type ConfigFeed, type FeedStep } from './config-feed.ts';

/** Lines are joined into chunks of about this size; between two chunks a slow reader is waited for. */
const chunkBytes = 64 * 1024;
/** Steps kept for others who need the same; many data planes of a group ask within the same moment. */
const keptForMs = 2_000;
const maxKept = 16;
/** A larger step is made for each reader anew. */
const maxKeptBytes = 16 * 1024 * 1024;

/** One step as it goes down the wire. */
export interface EncodedStep {
  readonly to: number;
  readonly hash: string;
  readonly chunks: readonly Buffer[];
}

/** Where a reader stands. */
export interface StepRequest {
  readonly groupId: string;
  readonly sequence: Sequence;
  /** 0 without a hash asks for a snapshot. */
  readonly from: number;
  /** Hash of what the reader holds, when it said so; also of nothing, at position 0 of an empty sequence. */
  readonly hash?: string | undefined;
  /** Grows with each change of the group; a step made before it is not used. */
  readonly generation: number;
}

interface Kept {
  readonly generation: number;
  readonly step: Promise<EncodedStep>;
}

/** Reads and encodes each step once, however many data planes need it at the same time. */
@Injectable()
export class EncodedSteps {
  readonly #kept = new Map<string, Kept>();

  constructor(@Inject(CONFIG_FEED) private readonly feed: ConfigFeed) {}

  /** The way from where the reader stands to now: a delta, or a snapshot when there is none or the hashes differ. */
  next(request: StepRequest): Promise<EncodedStep> {
    const key = `${request.groupId} ${request.sequence} ${request.from} ${request.hash ?? ''}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.generation >= request.generation) return kept.step;
    const step = this.#make(request);
    this.#keep(key, { generation: request.generation, step });
    return step;
  }

  #keep(key: string, entry: Kept): void {
    this.#kept.set(key, entry);
    const forget = (): void => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    };
    entry.step.then(({ chunks }) => {
      if (chunks.reduce((bytes, chunk) => bytes + chunk.length, 0) > maxKeptBytes) forget();
    }, forget);
    setTimeout(forget, keptForMs).unref();
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #make({ groupId, sequence, from, hash }: StepRequest): Promise<EncodedStep> {
    const feed = sequence === 'revision' ? this.feed : this.feed.access;
    const delta = from === 0 && hash === undefined ? null : await feed.delta(groupId, from);
    const isSameHistory = delta !== null && (delta.to !== from || hash === undefined || hash === delta.hash);
    return isSameHistory
      ? encode({ groupId, sequence, mode: 'delta' }, delta)
      : encode({ groupId, sequence, mode: 'snapshot' }, await feed.snapshot(groupId));
  }
}

interface StepHead {
  readonly groupId: string;
  readonly sequence: Sequence;
  readonly mode: 'snapshot' | 'delta';
}

function encode(head: StepHead, step: FeedStep): EncodedStep {
  const { groupId, sequence, mode } = head;
  if (mode === 'delta' && step.to === step.from) return { to: step.to, hash: step.hash, chunks: [] };
  const end = { type: 'end' as const, groupId, hash: step.hash };
  const lines = function* (): Generator<ConfigLine> {
    yield { type: 'begin', ...head, from: step.from, to: step.to };
    for (const { op, ...change } of step.changes) yield { type: op, ...change } as ConfigLine;
    yield sequence === 'revision' ? { ...end, revision: step.to } : { ...end, access: step.to };
  };
  return { to: step.to, hash: step.hash, chunks: [...chunksOf(lines())] };
}

function* chunksOf(lines: Iterable<ConfigLine>): Generator<Buffer> {
  let text = '';
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < chunkBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
