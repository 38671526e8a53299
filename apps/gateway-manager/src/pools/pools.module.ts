import { Module } from '@nestjs/common';
import { PoolsController } from './pools.controller.ts';
import { PoolsRepository } from './pools.repository.ts';
import { PoolsService } from './pools.service.ts';

@Module({ controllers: [PoolsController], providers: [PoolsRepository, PoolsService] })
export class PoolsModule {}
