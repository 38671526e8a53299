import { Module } from '@nestjs/common';
import { LabelsModule } from '../labels/labels.module.ts';
import { BillingController } from './billing.controller.ts';
import { BillingRepository } from './billing.repository.ts';
import { BillingService } from './billing.service.ts';

@Module({ imports: [LabelsModule], controllers: [BillingController], providers: [BillingRepository, BillingService] })
export class BillingModule {}
