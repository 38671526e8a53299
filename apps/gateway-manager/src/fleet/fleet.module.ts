import { Module } from '@nestjs/common';
import { AcknowledgementNews } from './acknowledgement-news.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { AcknowledgementsRepository } from './acknowledgements.repository.ts';
import { DataPlanesController } from './data-planes.controller.ts';
import { DataPlanesRepository } from './data-planes.repository.ts';
import { DataPlanesService } from './data-planes.service.ts';
import { FleetConsumer } from './fleet-consumer.ts';
import { FleetRepository } from './fleet.repository.ts';
import { FleetSignals } from './fleet-signals.ts';
import { FleetWatch } from './fleet-watch.ts';
import { HeartbeatStream } from './heartbeat-stream.ts';
import { Revocations } from './revocations.ts';
import { RevokedInstancesRepository } from './revoked-instances.repository.ts';

@Module({
  controllers: [DataPlanesController],
  providers: [
    AcknowledgementNews,
    Acknowledgements,
    AcknowledgementsRepository,
    DataPlanesRepository,
    DataPlanesService,
    FleetConsumer,
    FleetRepository,
    FleetSignals,
    FleetWatch,
    HeartbeatStream,
    Revocations,
    RevokedInstancesRepository,
  ],
  exports: [Acknowledgements, DataPlanesService, FleetSignals, HeartbeatStream, Revocations],
})
export class FleetModule {}
