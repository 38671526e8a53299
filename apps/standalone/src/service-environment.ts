import type { ServiceName } from '@tollgate/contracts';
import { freePorts } from './free-ports.ts';
import { services } from './services.ts';

type Environment = Record<string, string | undefined>;

/** A port that people or data planes come in by. */
interface Door {
  /** Name in `run.json` and for the launcher. */
  part: 'console' | 'portal' | 'link';
  portVariable: string;
  urlVariable: string;
  scheme: 'http' | 'https';
  defaultPort: number;
}

const doors: readonly Door[] = [
  {
    part: 'console',
    portVariable: 'CONSOLE_PORT',
    urlVariable: 'PUBLIC_CONSOLE_URL',
    scheme: 'http',
    defaultPort: 8080,
  },
  { part: 'portal', portVariable: 'PORTAL_PORT', urlVariable: 'PUBLIC_PORTAL_URL', scheme: 'http', defaultPort: 8081 },
  { part: 'link', portVariable: 'LINK_PORT', urlVariable: 'PUBLIC_LINK_URL', scheme: 'https', defaultPort: 8443 },
];

/** What the services of one process are started with. */
export interface ServiceEnvironments {
  /** By service: the given environment, free loopback ports, everybody's address. */
  byService: ReadonlyMap<ServiceName, Environment>;
  /** Public addresses of console, portal and link. */
  publicUrls: Record<Door['part'], string>;
  /** Ports that were free and that nobody had asked for by number. */
  chosenPorts: ReadonlySet<number>;
}

/** Environment variable with a service's address, e.g. `GATEWAY_MANAGER_URL`. */
const urlVariable = (service: ServiceName): string => `${service.toUpperCase().replaceAll('-', '_')}_URL`;

/** Makes the environments; nothing else differs from services that run apart. A door whose port is 0 gets a free one. */
export async function serviceEnvironments(env: Environment, host: string): Promise<ServiceEnvironments> {
  const free = await freePorts(services.length + doors.length, host);
  const chosenPorts = new Set(free);
  const take = (): string => String(free.pop());
  const shared: Environment = { ...env, HOST: host };
  const publicUrls: Record<string, string> = {};
  for (const door of doors) {
    const given = env[door.portVariable];
    const port = given === '0' ? take() : (given ?? String(door.defaultPort));
    const url = env[door.urlVariable] ?? `${door.scheme}://localhost:${port}`;
    shared[door.portVariable] = port;
    shared[door.urlVariable] = url;
    publicUrls[door.part] = url;
  }
  const gatewayPort = env['GATEWAY_HTTP_PORT'] ?? '9080';
  // One that takes any free port is not known before it starts.
  if (gatewayPort !== '0') shared['PUBLIC_GATEWAY_URL'] ??= `http://localhost:${gatewayPort}`;
  const ports = new Map(services.map(({ service }) => [service, take()]));
  for (const [service, port] of ports) shared[urlVariable(service)] = `http://${host}:${port}`;
  const byService = new Map([...ports].map(([service, port]) => [service, { ...shared, PORT: port }]));
  return { byService, publicUrls, chosenPorts };
}
