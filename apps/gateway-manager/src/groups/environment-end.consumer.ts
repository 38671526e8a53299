import { Inject, Injectable } from '@nestjs/common';
import { environmentDeleted, type EventDefinition } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { outcomeOf } from '@tollgate/platform';
import { DirectoryRepository } from '../directory/directory.repository.ts';
import { GroupRemoval } from './group-removal.ts';
import { GroupsRepository } from './groups.repository.ts';

type DataOf<D> = D extends EventDefinition<infer T> ? T : never;

/** Deletes the gateway groups of an environment that was deleted by force: a group without its environment could not be run. */
@Injectable()
export class EnvironmentEndConsumer {
  constructor(
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(GroupRemoval) private readonly removal: GroupRemoval,
  ) {}

  /** Revoked data planes are refused when the revocations are reread, seconds later; their group is gone at once. */
  @OnEvent(environmentDeleted, { consumer: 'environment-ends' })
  async onDeleted(
    { data, envelope }: ReceivedEvent<DataOf<typeof environmentDeleted>>,
    unit: UnitOfWork,
  ): Promise<void> {
    if (data.forced !== true) return;
    const { environmentId, projectId } = data;
    await this.directory.putEnvironment(unit, { id: environmentId, projectId, isDeleted: true });
    for (const { id } of await this.groups.findIn(unit, environmentId)) {
      const group = await this.groups.lock(unit, id);
      const outcome = outcomeOf({ force: true }, await this.removal.remove(unit, group, true));
      await unit.audit({
        action: 'gateway-group.delete',
        actor: { kind: 'service', id: 'iam' },
        object: { kind: 'gateway-group', id },
        requestId: envelope.id,
        details: { environmentId, ...outcome },
      });
    }
  }
}
