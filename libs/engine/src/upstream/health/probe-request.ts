import type { Upstream } from '@tollgate/contracts/gateway';
import { bracketed, type Node } from '../../balancing/node.ts';
import type { TlsClientOptions } from '../../sockets/tls-sockets.ts';
import { StatusSet } from './status-set.ts';

/** An upstream's `checks.active`. */
export type ActiveCheck = NonNullable<NonNullable<Upstream['checks']>['active']>;

const headerPattern = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)$/;
const pathPattern = /^\/[\x21-\x7e]*$/;
/** Of a probe's whole request. */
const requestLimitBytes = 8 * 1024;

/** What an upstream's active check asks its nodes, and how it takes the answers. */
export class ProbeRequest {
  readonly timeoutMs: number;
  /** Null for plain TCP. */
  readonly tls: TlsClientOptions | null;
  /** Sent as SNI, checked against the certificate; undefined = the node's own host. */
  readonly serverName: string | undefined;
  readonly port: number | undefined;
  /** True when a connection is all that is asked for. */
  readonly isConnectOnly: boolean;
  readonly #healthy: StatusSet;
  readonly #unhealthy: StatusSet;
  readonly #host: string | undefined;
  readonly #start: string;
  readonly #fields: string;
  readonly #namesHost: boolean;

  /** Throws an Error with a reason for people when such a request cannot be sent. */
  constructor(check: ActiveCheck, tls: TlsClientOptions | null) {
    this.timeoutMs = check.timeout * 1000;
    const clientCertificate = tls ?? { rejectUnauthorized: false };
    this.tls =
      check.type === 'https' ? { ...clientCertificate, rejectUnauthorized: check.https_verify_certificate } : null;
    this.serverName = check.host;
    this.port = check.port;
    this.isConnectOnly = check.type === 'tcp';
    this.#healthy = new StatusSet(check.healthy.http_statuses);
    this.#unhealthy = new StatusSet(check.unhealthy.http_statuses);
    this.#host = check.host;
    if (!pathPattern.test(check.http_path)) throw new Error('checks.active.http_path cannot stand in a request');
    if (check.host !== undefined && !/^[\w.\-:[\]]{1,253}$/.test(check.host)) {
      throw new Error('checks.active.host is not a host');
    }
    const fields = (check.req_headers ?? []).map(readField);
    this.#namesHost = fields.some(({ name }) => name === 'host');
    const namesAgent = fields.some(({ name }) => name === 'user-agent');
    this.#start = `GET ${check.http_path} HTTP/1.1\r\n`;
    this.#fields = [
      ...fields.map(({ line }) => `${line}\r\n`),
      namesAgent ? '' : 'User-Agent: tollgate-health-check\r\n',
      'Connection: close\r\n\r\n',
    ].join('');
    if (this.#start.length + this.#fields.length > requestLimitBytes) {
      throw new Error('checks.active.req_headers are too long');
    }
  }

  /** Writes the request for a node to the beginning of `bytes` and returns its length. */
  write(bytes: Buffer, node: Node): number {
    const host = this.#namesHost ? '' : `Host: ${this.#host ?? bracketed(node.host)}\r\n`;
    return bytes.write(`${this.#start}${host}${this.#fields}`, 0, 'latin1');
  }

  /** Null when the status says nothing. */
  judge(status: number): 'success' | 'httpFailure' | null {
    if (this.#healthy.has(status)) return 'success';
    return this.#unhealthy.has(status) ? 'httpFailure' : null;
  }
}

function readField(line: string): { name: string; line: string } {
  const name = headerPattern.exec(line)?.[1];
  if (name === undefined) throw new Error(`checks.active.req_headers: "${line.slice(0, 40)}" is not "Name: value"`);
  return { name: name.toLowerCase(), line };
}
