import { announcesClose, type WireAnswer } from '../../http/answer-parser.ts';
import { fieldOf, seenMark, type SeenRequest } from '../../http/raw-upstream.ts';
import { valuesOf } from '../../http/header-fields.ts';
import { parseRequests } from '../../http/request-parser.ts';
import { type End, Wire } from '../../http/wire.ts';
import { type DiffCase, piecesOf } from './diff-case.ts';
import type { Front } from './fronts.ts';

/** What one front made of one case. */
export interface Observation {
  /** Final answers in order. */
  readonly answers: readonly WireAnswer[];
  /** What came after them and is no whole answer. */
  readonly leftOver: string;
  /** Null: it still waits for more. */
  readonly end: End | null;
  /** What its upstream saw for this case, in order. */
  readonly seen: readonly SeenRequest[];
  /** Address that the case came from. */
  readonly address: string;
}

let lastAddress = 0;

/** A loopback address that no case has come from yet: by it the upstream knows the case, whatever the request says. */
function nextAddress(): string {
  lastAddress += 1;
  return `127.${1 + ((lastAddress >> 16) % 250)}.${(lastAddress >> 8) & 0xff}.${lastAddress & 0xff}`;
}

const mostAttempts = 3;

/** A connection that is reset while it is being made, as under load it may be, is made again. */
async function openAt(front: Front, localAddress: string, attempt = 1): Promise<Wire> {
  try {
    return await Wire.open({ port: front.port, localAddress });
  } catch (cause) {
    if (front.isAlive() && attempt < mostAttempts) return openAt(front, localAddress, attempt + 1);
    throw new Error(`${front.name} takes no connection any more`, { cause });
  }
}

/** Longest silence, in milliseconds, after which a front is taken to wait for more. */
export interface Patience {
  /** While the reference knows of a complete request that is not answered yet. */
  readonly owedMs: number;
  /** While it knows of bytes that may be refused. */
  readonly refusableMs: number;
  /** When nothing should come any more. */
  readonly surplusMs: number;
}

/** Sends a case and listens until the connection ends or has been silent for so long. */
export async function observe(front: Front, diffCase: DiffCase, patience: Patience): Promise<Observation> {
  const address = nextAddress();
  const before = front.upstream.requests.length;
  const wire = await openAt(front, address);
  try {
    await wire.sendPieces(piecesOf(diffCase));
    const { requests, rest } = parseRequests(diffCase.bytes);
    const isRefusable = rest.kind === 'malformed' || rest.start < diffCase.bytes.length;
    const answers: WireAnswer[] = [];
    for (;;) {
      const request = requests[answers.length];
      const afterRequests =
        isRefusable && answers.length === requests.length ? patience.refusableMs : patience.surplusMs;
      const withinMs = request === undefined ? afterRequests : patience.owedMs;
      // A request whose body never comes may be answered all the same, and HEAD without one.
      const early = answers.length === requests.length ? rest.head?.method : undefined;
      const answer = await wire.answer(request?.method ?? early, withinMs).catch(() => null);
      if (answer === null) break;
      answers.push(answer);
    }
    const seen = front.upstream.requests.slice(before).filter((request) => addressOf(request) === address);
    return { answers, leftOver: wire.bytes.toString('latin1'), end: wire.end, seen, address };
  } finally {
    wire.destroy();
  }
}

/** Where a request came from, as its front says. */
export function addressOf(request: SeenRequest): string {
  return fieldOf(request, 'x-real-ip').join();
}

/** Number under which the upstream knows the request of this answer; null for answers of the front itself. */
export function sequenceOf(answer: WireAnswer): number | null {
  const [sequence] = valuesOf(answer.fields, seenMark);
  return sequence === undefined ? null : Number(sequence);
}

/** Whether the request at each place got through to the upstream and back; the first that did not ends the list. */
export function acceptances({ answers }: Observation): boolean[] {
  const accepted: boolean[] = [];
  for (const answer of answers) {
    accepted.push(sequenceOf(answer) !== null);
    if (announcesClose(answer)) break;
  }
  return accepted;
}
