import { environmentDeleted } from '@tollgate/contracts/events';
import type { Dependant } from '@tollgate/contracts/rest';
import type { UnitOfWork } from '@tollgate/persistence';
import { refuseUsed } from './environment-uses.ts';
import type { EnvironmentEntity } from './environment.entity.ts';
import { environmentsRepository } from './environments.repository.ts';

/**
 * Deletes an environment and tells the other services. By force gateway-manager deletes the gateway groups in it when it hears of that.
 * @returns what becomes of the gateway groups, as far as they are known here.
 * @throws ApiError `resource.in_use` naming the gateway groups, unless forced; `resource.changed` when the version is another.
 */
export async function removeEnvironment(
  unit: UnitOfWork,
  { id, tenantId, projectId, version }: Pick<EnvironmentEntity, 'id' | 'tenantId' | 'projectId' | 'version'>,
  { expectedVersion = version, force }: { expectedVersion?: number | undefined; force: boolean },
): Promise<Dependant[]> {
  if (!force) await refuseUsed(unit, id);
  const uses = force ? await environmentsRepository.listAllUses(unit, id) : [];
  await environmentsRepository.delete(unit, { id, expectedVersion });
  const data = { environmentId: id, projectId, forced: force };
  await unit.emit(environmentDeleted.create({ subject: id, tenantId, aggregateVersion: version + 1, data }));
  return uses.map(({ groupId }) => ({ kind: 'gateway-group', id: groupId, effect: 'deleted' }));
}
