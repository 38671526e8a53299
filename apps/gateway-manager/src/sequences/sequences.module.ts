import { Module } from '@nestjs/common';
import { SequenceHeadsRepository } from './sequence-heads.repository.ts';

@Module({ providers: [SequenceHeadsRepository], exports: [SequenceHeadsRepository] })
export class SequencesModule {}
