import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import type { ClientCertificate } from '../ca/certificate-authority.ts';
import { ClientCertificateEntity, DataPlaneEntity } from '../fleet/data-plane.entity.ts';

/** A data plane that enrols. */
export interface NewInstance {
  readonly id: string;
  readonly poolId: string;
  readonly tenantId: string | null;
  readonly name: string;
  readonly softwareVersion: string;
}

/** Rows of instances and their certificates, as enrolment writes them. */
@Injectable()
export class InstancesRepository {
  async add({ manager }: UnitOfWork, instance: NewInstance, certificate: ClientCertificate): Promise<void> {
    const now = new Date();
    await manager.insert(DataPlaneEntity, {
      ...instance,
      status: 'unknown',
      statusSince: now,
      isDraining: false,
      certificateExpiresAt: certificate.notAfter,
      version: 1,
      createdAt: now,
    });
    await this.#record({ manager }, instance, certificate);
  }

  /** The row, locked: a revocation waits for the renewal or the renewal sees the revocation. */
  findForRenewal({ manager }: UnitOfWork, id: string): Promise<DataPlaneEntity | null> {
    return manager.findOne(DataPlaneEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  hasCertificate({ manager }: UnitOfWork, serial: string, dataPlaneId: string): Promise<boolean> {
    return manager.existsBy(ClientCertificateEntity, { id: serial, dataPlaneId });
  }

  async renew(unit: UnitOfWork, instance: DataPlaneEntity, certificate: ClientCertificate): Promise<void> {
    await unit.manager.update(DataPlaneEntity, { id: instance.id }, { certificateExpiresAt: certificate.notAfter });
    await this.#record(unit, instance, certificate);
  }

  async #record(
    { manager }: Pick<UnitOfWork, 'manager'>,
    instance: { id: string; tenantId: string | null },
    certificate: ClientCertificate,
  ): Promise<void> {
    await manager.insert(ClientCertificateEntity, {
      id: certificate.serial,
      tenantId: instance.tenantId,
      dataPlaneId: instance.id,
      notAfter: certificate.notAfter,
    });
  }
}
