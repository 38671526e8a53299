import { groupSettingsId } from '@tollgate/contracts/gateway';
import { HostMap } from '../matching/host-map.ts';
import type { ChangedResources } from './changed-resources.ts';
import type { CompileFault } from './group-compiler.ts';
import { CertificateFault, compileCertificate, type HostCertificate } from './host-certificate.ts';
import type { ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

/** The certificates of a group by host name. Immutable. */
export interface Certificates {
  readonly byName: HostMap<HostCertificate>;
  /** Whether any host demands certificates of its clients. */
  readonly hasDemands: boolean;
}

/** The server certificates of a group, ready for handshakes. */
export class CertificateTable {
  readonly #certificates = new StagedMap<string, HostCertificate>();

  #current: Certificates = { byName: HostMap.empty(), hasDemands: false };

  constructor(
    private readonly groupId: string,
    private readonly resources: ResourceTable,
  ) {}

  compile(changed: ChangedResources): CompileFault[] {
    return [...changed.ids('ssl')].flatMap((id) => this.#compileOne(id));
  }

  commit(): Certificates {
    const changes = this.#certificates.commit();
    if (changes.length === 0) return this.#current;
    const gone = changes.flatMap(({ before }) => before?.names ?? []).map((name) => [name, undefined] as const);
    const all = [...this.#certificates.entries()].map(([, certificate]) => certificate);
    const inForce = all.flatMap((certificate) => certificate.names.map((name) => [name, certificate] as const));
    this.#current = {
      byName: this.#current.byName.with(new Map<string, HostCertificate | undefined>([...gone, ...inForce])),
      hasDemands: all.some(({ demand }) => demand !== null),
    };
    return this.#current;
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
    const settings = this.resources.get('group_settings', groupSettingsId);
    try {
      this.#certificates.set(
        id,
        compileCertificate(ssl, { groupId: this.groupId, tenantId: settings?.tenantId ?? '' }),
      );
      return [];
    } catch (cause) {
      if (!(cause instanceof CertificateFault)) throw cause;
      return [{ kind: 'ssl', id, pointer: cause.pointer, message: cause.message }];
    }
  }
}
