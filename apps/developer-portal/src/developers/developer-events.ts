import { developerApproved, developerRegistered } from '@tollgate/contracts/events';
import type { Developer } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';

export async function emitRegistered(unit: UnitOfWork, developer: Developer): Promise<void> {
  const { id: developerId, siteId } = developer;
  const data = { developerId, siteId, state: 'pending' as const };
  await unit.emit(developerRegistered.create({ ...envelopeOf(unit, developer), data }));
}

export async function emitApproved(unit: UnitOfWork, developer: Developer): Promise<void> {
  const { id: developerId, siteId } = developer;
  await unit.emit(developerApproved.create({ ...envelopeOf(unit, developer), data: { developerId, siteId } }));
}

function envelopeOf(unit: UnitOfWork, { id, version }: Developer) {
  return { subject: id, tenantId: unit.tenantId, aggregateVersion: version };
}
