import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { DirectoryConsumer } from './directory.consumer.ts';
import { EnvironmentsProjection, TenantsProjection } from './directory.projections.ts';
import { DirectoryRepository } from './directory.repository.ts';
import { DirectoryService } from './directory.service.ts';
import { IamSnapshots } from './iam-snapshots.ts';
import { TenantSuspension } from './tenant-suspension.ts';

/** Tenants and environments, as iam knows them. */
@Module({
  imports: [AccessModule],
  providers: [
    DirectoryRepository,
    TenantSuspension,
    IamSnapshots,
    DirectoryService,
    DirectoryConsumer,
    TenantsProjection,
    EnvironmentsProjection,
  ],
  exports: [DirectoryRepository, DirectoryService],
})
export class DirectoryModule {}
