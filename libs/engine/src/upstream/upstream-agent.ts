import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** How connections of one upstream are made and kept. */
export interface UpstreamAgentOptions {
  readonly isTls: boolean;
  readonly maxIdleConnections: number;
  readonly idleTimeoutMs: number;
  readonly tls: { readonly cert?: string; readonly key?: string; readonly rejectUnauthorized: boolean };
}

/** Makes and keeps the connections of one upstream; the one used last is used next. */
export function createUpstreamAgent({
  isTls,
  maxIdleConnections,
  idleTimeoutMs,
  tls,
}: UpstreamAgentOptions): HttpAgent {
  const common: AgentOptions = {
    keepAlive: true,
    scheduling: 'lifo',
    maxSockets: Infinity,
    maxFreeSockets: maxIdleConnections,
    timeout: idleTimeoutMs,
  };
  return isTls ? new HttpsAgent({ ...common, ...tls }) : new HttpAgent(common);
}

/** Closes idle connections now, and those in use when their call ends. */
export function retireAgent(agent: HttpAgent): void {
  agent.maxFreeSockets = 0;
  for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
}
