import { engineErrors } from '../engine.errors.ts';
import type { Verdict } from '../policy/call.ts';
import type { ClientCertificate } from '../sockets/client-certificate.ts';
import type { CallState } from './call-state.ts';

/** What the TLS of a connection has told. */
export interface TlsFacts {
  /** The server name, in lower case, or null. */
  readonly serverName: string | null;
  readonly clientCertificate: ClientCertificate | null;
}

/**
 * Refuses a call over TLS to a host that demands a certificate of its clients, unless the connection has shown one for that very host: a
 * connection may have been made for another host of the group, or before the demand.
 */
export function refuseWithoutCertificate(call: CallState): Verdict | undefined {
  const { certificates } = call.program;
  if (!certificates.hasDemands || call.tls === null) return undefined;
  const demand = certificates.byName.find(call.host, (host) => host)?.demand ?? null;
  if (demand === null) return undefined;
  const { serverName, clientCertificate } = call.tls;
  const isShown = clientCertificate?.verify === 'SUCCESS' && clientCertificate.ca === demand.ca;
  if (isShown && serverName === call.host) return undefined;
  if (demand.skips.some((skip) => skip.test(call.path))) return undefined;
  return call.reject(engineErrors.clientCertificate);
}
