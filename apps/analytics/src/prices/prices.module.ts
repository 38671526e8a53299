import { Module } from '@nestjs/common';
import { PricesController } from './prices.controller.ts';
import { PricesRepository } from './prices.repository.ts';
import { PricesService } from './prices.service.ts';

@Module({ controllers: [PricesController], providers: [PricesRepository, PricesService] })
export class PricesModule {}
