import type { Node } from '../balancing/node.ts';
import type { UpstreamChannel } from '../exchange/upstream-channel.ts';
import type { Connecting } from '../sockets/socket.ts';
import type { ConnectRequest } from '../upstream/connector.ts';
import { type OpenEvents, type OpenServices, SessionOpening, Waiter } from './session-opening.ts';
import type { UpstreamSession } from './upstream-session.ts';
import { UpstreamStream } from './upstream-stream.ts';

/** Which node to connect to, how, and on whose behalf. */
export type SessionRequest = ConnectRequest & { readonly node: Node };

/** The connections of HTTP/2 of one upstream, per node: the oldest that has room is used, so that surplus ones grow idle and close. */
export class UpstreamSessions {
  readonly #scheme: 'http' | 'https';
  readonly #idleTimeoutMs: number;
  readonly #byNode = new Map<Node, UpstreamSession[]>();
  readonly #openings = new Map<Node, SessionOpening>();
  #services: OpenServices | null = null;
  #isRetired = false;

  constructor({ scheme, idleTimeoutMs }: { scheme: 'http' | 'https'; idleTimeoutMs: number }) {
    this.#scheme = scheme;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** A stream of a connection that has room. */
  take(node: Node): UpstreamChannel | undefined {
    const session = this.#byNode.get(node)?.find(({ hasRoom }) => hasRoom);
    if (session === undefined || this.#services === null) return undefined;
    session.take();
    return new UpstreamStream(session, this.#services);
  }

  /** Gets a stream of a new connection, or of one that is being made already; `events` come after this has returned. */
  open(services: OpenServices, request: SessionRequest, events: OpenEvents): Connecting {
    this.#services = services;
    const waiter = new Waiter(events);
    this.#openingFor(services, request).join(waiter);
    return waiter;
  }

  /** Closes connections as soon as no call is under way on them, and keeps none from now on. */
  retire(): void {
    this.#isRetired = true;
    for (const sessions of [...this.#byNode.values()]) for (const session of sessions) session.retire();
  }

  /** The node is gone: its connections close as soon as no call is under way on them. */
  forget(node: Node): void {
    for (const session of this.#byNode.get(node) ?? []) session.retire();
  }

  #openingFor(services: OpenServices, request: SessionRequest): SessionOpening {
    const { node } = request;
    let opening = this.#openings.get(node);
    if (opening === undefined) {
      opening = new SessionOpening(services, request, {
        scheme: this.#scheme,
        idleTimeoutMs: this.#idleTimeoutMs,
        over: () => this.#openings.delete(node),
        opened: (session, waiters) => {
          this.#add(node, session);
          this.#serve(waiters, services, request);
          if (this.#isRetired) session.retire();
        },
        ended: (session) => this.#drop(node, session),
      });
      this.#openings.set(node, opening);
    }
    return opening;
  }

  /** Gives streams to those who have waited; who finds no room waits for a further connection, unless this one has room for nobody. */
  #serve(waiters: readonly Waiter[], services: OpenServices, request: SessionRequest): void {
    let served = 0;
    for (const waiter of waiters) {
      if (waiter.isCancelled) continue;
      const channel = this.take(request.node);
      if (channel !== undefined) waiter.events.opened(channel);
      else if (served > 0) this.#openingFor(services, request).join(waiter);
      else waiter.events.failed(new Error(`${request.node.name} takes no calls`));
      served++;
    }
  }

  #add(node: Node, session: UpstreamSession): void {
    this.#byNode.set(node, [...(this.#byNode.get(node) ?? []), session]);
  }

  #drop(node: Node, session: UpstreamSession): void {
    const left = this.#byNode.get(node)?.filter((candidate) => candidate !== session) ?? [];
    if (left.length === 0) this.#byNode.delete(node);
    else this.#byNode.set(node, left);
  }
}
