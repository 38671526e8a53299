import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import type { Ssl } from '@tollgate/contracts/gateway';
import type { HostMap } from '../matching/host-map.ts';
import type { ChangedResources } from './changed-resources.ts';
import type { CompileFault } from './group-compiler.ts';
import type { ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

interface Certificate {
  readonly names: readonly string[];
  readonly context: SecureContext;
}

const secureVersions: Record<NonNullable<Ssl['ssl_protocols']>[number], SecureVersion> = {
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
};

/** The server certificates of a group, ready for handshakes. */
export class CertificateTable {
  readonly #certificates = new StagedMap<string, Certificate>();

  constructor(private readonly resources: ResourceTable) {}

  compile(changed: ChangedResources): CompileFault[] {
    return [...changed.ids('ssl')].flatMap((id) => this.#compileOne(id));
  }

  commit(current: HostMap<SecureContext>): HostMap<SecureContext> {
    const changes = this.#certificates.commit();
    if (changes.length === 0) return current;
    const gone = changes.flatMap(({ before }) => before?.names ?? []).map((name) => [name, undefined] as const);
    const inForce = [...this.#certificates.entries()].flatMap(([, { names, context }]) =>
      names.map((name) => [name, context] as const),
    );
    return current.with(new Map<string, SecureContext | undefined>([...gone, ...inForce]));
  }

  discard(): void {
    this.#certificates.discard();
  }

  #compileOne(id: string): CompileFault[] {
    const ssl = this.resources.get('ssl', id);
    if (ssl === undefined || ssl.status === 0 || ssl.type === 'client') {
      this.#certificates.delete(id);
      return [];
    }
    try {
      this.#certificates.set(id, { names: ssl.snis ?? [ssl.sni ?? ''], context: createContext(ssl) });
      return [];
    } catch (cause) {
      return [{ kind: 'ssl', id, pointer: '', message: cause instanceof Error ? cause.message : String(cause) }];
    }
  }
}

function createContext(ssl: Ssl): SecureContext {
  if (ssl.client !== undefined) throw new Error('client certificates are not supported by this data plane');
  const versions = (ssl.ssl_protocols ?? ['TLSv1.2', 'TLSv1.3']).map((name) => secureVersions[name]).sort();
  const minVersion = versions.at(0);
  const maxVersion = versions.at(-1);
  return createSecureContext({
    cert: [ssl.cert, ...(ssl.certs ?? [])],
    key: [ssl.key, ...(ssl.keys ?? [])],
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  });
}
