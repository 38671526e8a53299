import { Module } from '@nestjs/common';
import { DirectoryModule } from './directory/directory.module.ts';
import { FleetModule } from './fleet/fleet.module.ts';
import { EnvironmentEndConsumer } from './groups/environment-end.consumer.ts';
import { GroupFoundation } from './groups/group-foundation.ts';
import { GroupPoolsRepository } from './groups/group-pools.repository.ts';
import { GroupRemoval } from './groups/group-removal.ts';
import { GroupsController } from './groups/groups.controller.ts';
import { GroupsRepository } from './groups/groups.repository.ts';
import { GroupsService } from './groups/groups.service.ts';
import { DocumentFetcher } from './imports/document-fetcher.ts';
import { ImportsController } from './imports/imports.controller.ts';
import { ImportsService } from './imports/imports.service.ts';
import { ContentsRepository } from './publishing/contents.repository.ts';
import { DraftChangesRepository } from './publishing/draft-changes.repository.ts';
import { PublishService } from './publishing/publish.service.ts';
import { PublishingController } from './publishing/publishing.controller.ts';
import { RevisionWriter } from './publishing/revision-writer.ts';
import { RevisionsRepository } from './publishing/revisions.repository.ts';
import { RevisionsService } from './publishing/revisions.service.ts';
import { RollbackService } from './publishing/rollback.service.ts';
import { TemplatePublishService } from './publishing/template-publish.service.ts';
import { TemplateResolver } from './publishing/template-resolver.ts';
import {
  ConsumerGroupsController,
  ConsumersController,
  GlobalPoliciesController,
  RoutesController,
  ServicesController,
  StreamRoutesController,
  UpstreamsController,
} from './resources/draft-resources.controllers.ts';
import { DraftDependants } from './resources/draft-dependants.ts';
import { DraftListsRepository } from './resources/draft-lists.repository.ts';
import { DraftResourcesRepository } from './resources/draft-resources.repository.ts';
import { DraftResourcesService } from './resources/draft-resources.service.ts';
import { SequencesModule } from './sequences/sequences.module.ts';
import { PublishedRoutesRepository } from './snapshots/published-routes.repository.ts';
import { SnapshotsController } from './snapshots/snapshots.controller.ts';
import { SnapshotsService } from './snapshots/snapshots.service.ts';
import { CallChecks } from './stream-routes/call-checks.ts';
import { MisledRoutesRepository } from './stream-routes/misled-routes.repository.ts';
import { StreamChecks } from './stream-routes/stream-checks.ts';
import { StreamRoutesRepository } from './stream-routes/stream-routes.repository.ts';
import { AwaitedTries } from './tries/awaited-tries.ts';
import { TryDataPlanesRepository } from './tries/try-data-planes.repository.ts';
import { TryRequestsController } from './tries/try-requests.controller.ts';
import { TryRequestsService } from './tries/try-requests.service.ts';
import { WorkspacesController } from './workspaces/workspaces.controller.ts';
import { WorkspacesRepository } from './workspaces/workspaces.repository.ts';
import { WorkspacesService } from './workspaces/workspaces.service.ts';

/** Controllers of what people configure. */
export const configurationControllers = [
  GroupsController,
  WorkspacesController,
  UpstreamsController,
  ServicesController,
  RoutesController,
  StreamRoutesController,
  GlobalPoliciesController,
  ConsumerGroupsController,
  ConsumersController,
  ImportsController,
  PublishingController,
  SnapshotsController,
  TryRequestsController,
];

/** Groups, workspaces, drafts and revisions: what people configure and publish. */
@Module({
  imports: [SequencesModule, DirectoryModule, FleetModule],
  controllers: configurationControllers,
  providers: [
    GroupsRepository,
    WorkspacesRepository,
    DraftResourcesRepository,
    DraftListsRepository,
    ContentsRepository,
    DraftChangesRepository,
    RevisionsRepository,
    RevisionWriter,
    TemplateResolver,
    GroupFoundation,
    GroupPoolsRepository,
    GroupRemoval,
    EnvironmentEndConsumer,
    GroupsService,
    WorkspacesService,
    StreamRoutesRepository,
    StreamChecks,
    MisledRoutesRepository,
    CallChecks,
    DraftDependants,
    DraftResourcesService,
    DocumentFetcher,
    ImportsService,
    PublishService,
    TemplatePublishService,
    RollbackService,
    RevisionsService,
    PublishedRoutesRepository,
    SnapshotsService,
    AwaitedTries,
    TryDataPlanesRepository,
    TryRequestsService,
  ],
  exports: [GroupsRepository],
})
export class ConfigurationModule {}
