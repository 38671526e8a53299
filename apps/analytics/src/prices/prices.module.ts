import { Module } from '@nestjs/common';
import { PriceSnapshotsController } from './price-snapshots.controller.ts';
import { PricesController } from './prices.controller.ts';
import { PricesRepository } from './prices.repository.ts';
import { PricesService } from './prices.service.ts';

@Module({ controllers: [PricesController, PriceSnapshotsController], providers: [PricesRepository, PricesService] })
export class PricesModule {}
