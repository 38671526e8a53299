import { credentialIssued, credentialRevoked } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import type { StoredCredential } from './credentials.repository.ts';

/** Announces a key, or its new expiry, to the gateway groups of its subscription. */
export async function emitIssued(unit: UnitOfWork, credential: StoredCredential, groupIds: string[]): Promise<void> {
  const { keySha256, expiresAt, kind } = credential;
  const data = { ...namesOf(credential, groupIds), keySha256, expiresAt, ...(kind === 'key' ? {} : { kind }) };
  await unit.emit(credentialIssued.create({ ...envelopeOf(unit, credential), data }));
}

/** Announces that a key is to be refused. */
export async function emitRevoked(unit: UnitOfWork, credential: StoredCredential, groupIds: string[]): Promise<void> {
  await unit.emit(credentialRevoked.create({ ...envelopeOf(unit, credential), data: namesOf(credential, groupIds) }));
}

/** Keyed by subscription, so that a key never arrives before its subscription or after its end. */
function envelopeOf(unit: UnitOfWork, { id, subscriptionId, version }: StoredCredential) {
  return { subject: id, partitionKey: subscriptionId, tenantId: unit.tenantId, aggregateVersion: version };
}

function namesOf({ id, subscriptionId }: StoredCredential, groupIds: string[]) {
  return { credentialId: id, subscriptionId, groupIds };
}
