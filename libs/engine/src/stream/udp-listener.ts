import { createSocket, type RemoteInfo, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { unmapAddress } from '../matching/address-set.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { ConnectionLimits } from '../sockets/connection-limits.ts';
import type { ListenAddress } from '../sockets/socket.ts';
import type { StreamDirectory } from './stream-directory.ts';
import { refusalOf } from './stream-refusal.ts';
import { sendOrDrop, type UdpServices, UdpSession } from './udp-session.ts';

/** What a UDP port works with. */
export interface UdpListenerServices extends UdpServices {
  readonly directory: StreamDirectory;
  readonly connectionLimits: ConnectionLimits;
  readonly metrics: Pick<EngineMetrics, 'noise'>;
  readonly limits: { readonly udpSessions: number };
}

/** A UDP port whose datagrams are passed on by stream routes, in sessions by client address and port. */
export class UdpListener {
  readonly #services: UdpListenerServices;
  readonly #socket: DatagramSocket;
  readonly #sessions = new Map<string, UdpSession>();
  #local = { host: '', port: 0 };
  #isDraining = false;
  #whenEmpty: (() => void) | null = null;

  constructor(services: UdpListenerServices, { host, reusePort = false }: Pick<ListenAddress, 'host' | 'reusePort'>) {
    this.#services = services;
    this.#socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reusePort });
  }

  async listen({ host, port }: ListenAddress): Promise<{ readonly host: string; readonly port: number }> {
    this.#socket.bind(port, host);
    await once(this.#socket, 'listening');
    const { address, port: bound } = this.#socket.address();
    this.#local = { host: address, port: bound };
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (datagram, from) => this.#receive(datagram, from));
    return this.#local;
  }

  /** Begins no more sessions, lets those that there are go on for the time, then cuts what is left. */
  async close(withinMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#sessions.size > 0) {
      const empty = Promise.withResolvers<void>();
      this.#whenEmpty = empty.resolve;
      const cut = setTimeout(() => this.#cut(), withinMs);
      await empty.promise;
      clearTimeout(cut);
    }
    this.#socket.close();
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const key = `${from.address} ${from.port}`;
    const session = this.#sessions.get(key) ?? this.#begin(key, from);
    session?.receive(datagram);
  }

  #begin(key: string, { address, port }: RemoteInfo): UdpSession | undefined {
    const { directory, metrics, limits, connectionLimits } = this.#services;
    if (this.#isDraining) return undefined;
    const facts = {
      transport: 'udp',
      clientAddress: unmapAddress(address),
      serverAddress: this.#local.host,
      serverPort: this.#local.port,
      serverName: null,
    } as const;
    const match = directory.findStream(facts);
    if (match === undefined) {
      metrics.noise('stream-unmatched');
      return undefined;
    }
    const lease = this.#sessions.size < limits.udpSessions ? connectionLimits.enter() : null;
    if (lease?.nameClient(facts.clientAddress) !== 'taken') {
      metrics.noise(lease === null ? 'connections-full' : 'connections-client');
      lease?.leave();
      return undefined;
    }
    const session = new UdpSession(this.#services, {
      lease,
      facts,
      match,
      reply: (datagram) => sendOrDrop(this.#socket, datagram, { port, address }),
      ended: () => this.#ended(key),
    });
    this.#sessions.set(key, session);
    void session.start(refusalOf(match, directory));
    return session;
  }

  #ended(key: string): void {
    this.#sessions.delete(key);
    if (this.#sessions.size === 0) this.#whenEmpty?.();
  }

  #cut(): void {
    for (const session of [...this.#sessions.values()]) session.cut();
  }
}
