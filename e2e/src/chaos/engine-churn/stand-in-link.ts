import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import {
  type Acknowledgement,
  ackRequest,
  type ConfigLine,
  enrolRequest,
  linkPaths,
  linkProtocolVersion,
  linkTiming,
  usageBatch,
} from '@tollgate/contracts/dataplane';
import { newId } from '@tollgate/contracts/ids';
import type { Sequence } from '@tollgate/contracts/gateway';
import { ControlPlaneIdentity } from './control-plane-identity.ts';
import { CountedCalls } from './counted-calls.ts';
import { type GroupChange, GroupHistory } from './group-history.ts';

/**
 * Stands in for the control plane towards one data plane: the real link over mutual TLS, with one group whose every change is a revision or a
 * step of the access state. What the data plane counts is kept.
 */
export class StandInLink {
  readonly enrolToken: string;
  readonly group = new GroupHistory(newId('grp'));
  readonly counted = new CountedCalls();
  /** What the data plane did not take. */
  readonly refusals: string[] = [];
  /** Streams that were opened; more than one means that the data plane lost step. */
  streams = 0;
  /** Certificate with which the latest stream was asked for, PEM. */
  shownCertificate = '';
  readonly #identity: ControlPlaneIdentity;
  readonly #server: Server;
  readonly #applied: Record<Sequence, number> = { revision: 0, access: 0 };
  #stream: ServerResponse | null = null;
  #whenApplied: (sequence: Sequence, position: number) => void = () => undefined;

  private constructor(identity: ControlPlaneIdentity) {
    this.#identity = identity;
    this.enrolToken = identity.enrolToken();
    const { server, root } = identity;
    const options = { ...server, ca: root, requestCert: true, rejectUnauthorized: false };
    this.#server = createServer(options, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.refusals.push(`${request.url}: ${String(error)}`);
        response.writeHead(500).end();
      });
    });
  }

  static async start(): Promise<StandInLink> {
    const link = new StandInLink(await ControlPlaneIdentity.create());
    await new Promise<void>((resolve) => link.#server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Up to which position the data plane has said that a sequence is in force. */
  applied(sequence: Sequence): number {
    return this.#applied[sequence];
  }

  /** Has `listener` told when a position is in force, and with it all before. */
  whenApplied(listener: (sequence: Sequence, position: number) => void): void {
    this.#whenApplied = listener;
  }

  /** Another certificate for a data plane. */
  reissue(dataPlaneId: string): ReturnType<ControlPlaneIdentity['reissue']> {
    return this.#identity.reissue(dataPlaneId);
  }

  /** Makes a change that the data plane does not hear of until it asks. */
  changeUnheard(change: GroupChange): void {
    this.group.change(change);
  }

  /** Sends a change; returns the position at which it is in force. */
  change(change: GroupChange): number {
    this.#send(this.group.change(change));
    return this.group.position(change.sequence);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case linkPaths.ca:
        reply(response, { root: this.#identity.root });
        return;
      case linkPaths.enrol:
        reply(response, await this.#identity.issue(enrolRequest.parse(await json(request)).csr));
        return;
      case linkPaths.config:
        await json(request);
        this.shownCertificate = (request.socket as TLSSocket).getPeerX509Certificate()?.toString() ?? '';
        this.#open(response);
        return;
      case linkPaths.ack:
        for (const told of ackRequest.parse(await json(request)).acknowledgements) this.#take(told);
        response.writeHead(204).end();
        return;
      case linkPaths.heartbeats:
        await json(request);
        reply(response, { serverTime: Date.now(), nextInMs: linkTiming.heartbeatIntervalMs });
        return;
      case linkPaths.usage:
        this.counted.take(usageBatch.parse(await json(request)));
        response.writeHead(204).end();
        return;
      default:
        response.writeHead(404).end();
    }
  }

  #open(response: ServerResponse): void {
    this.streams += 1;
    this.#stream = response;
    const pinging = setInterval(() => this.#send([{ type: 'ping', time: Date.now() }]), linkTiming.pingIntervalMs);
    response.once('close', () => {
      clearInterval(pinging);
      if (this.#stream === response) this.#stream = null;
    });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    this.#send([{ type: 'hello', protocol: linkProtocolVersion, poolId: this.#identity.poolId }]);
    this.#send([...this.group.snapshot(), { type: 'synced' }]);
  }

  #send(lines: readonly ConfigLine[]): void {
    this.#stream?.write(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  }

  #take(told: Acknowledgement): void {
    if ('commandId' in told) return;
    const { sequence, position } = told;
    if (told.outcome === 'refused') {
      this.refusals.push(`${sequence} ${position}: ${told.detail} ${JSON.stringify(told.faults[0] ?? null)}`);
      return;
    }
    this.#applied[sequence] = Math.max(this.#applied[sequence], position);
    this.#whenApplied(sequence, position);
  }
}

function reply(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
