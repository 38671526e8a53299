import { Module } from '@nestjs/common';
import { LabelsConsumer } from './labels.consumer.ts';
import { LabelsRepository } from './labels.repository.ts';

@Module({ providers: [LabelsRepository, LabelsConsumer], exports: [LabelsRepository] })
export class LabelsModule {}
