import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { DirectoryConsumer } from './directory.consumer.ts';
import { DirectoryRepository } from './directory.repository.ts';
import { DirectoryService } from './directory.service.ts';
import { IamSnapshots } from './iam-snapshots.ts';

/** Tenants and environments, as iam knows them. */
@Module({
  imports: [AccessModule],
  providers: [DirectoryRepository, IamSnapshots, DirectoryService, DirectoryConsumer],
  exports: [DirectoryRepository, DirectoryService],
})
export class DirectoryModule {}
