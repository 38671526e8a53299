import { Inject, Injectable } from '@nestjs/common';
import { GroupHash } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { announceSequence } from '../feed/config-channel.ts';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { AccessStateRepository } from './access-state.repository.ts';
import type { AccessTargets } from './compile-access.ts';

/** Brings the access state of groups to what it shall be. Each group that changes moves by one position. */
@Injectable()
export class AccessStateService {
  constructor(
    @Inject(AccessStateRepository) private readonly state: AccessStateRepository,
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
  ) {}

  /** Waits until no other unit changes the tenant’s access state; holds until this unit ends. Comes before any other lock. */
  async takeTurn(unit: UnitOfWork): Promise<void> {
    await this.state.lockTenant(unit);
  }

  /**
   * Sees to it that a group's hash is the sum of what its access state holds, so that data planes agree with it.
   * @returns whether it was not.
   */
  async mendHash(unit: UnitOfWork, groupId: string): Promise<boolean> {
    const key = { groupId, sequence: 'access' } as const;
    const head = await this.heads.lock(unit, key);
    const hash = GroupHash.empty();
    for (const { kind, id, contentHash } of await this.state.listHashes(unit, groupId)) hash.add(kind, id, contentHash);
    if (hash.value === head.hash) return false;
    await this.heads.move(unit, key, { position: head.position + 1, hash: hash.value });
    await announceSequence(unit, groupId, 'access');
    return true;
  }

  /** Groups that the tenant does not have are passed over. Returns how many resources were not as they shall be. */
  async apply(unit: UnitOfWork, targets: AccessTargets): Promise<number> {
    let changed = 0;
    for (const groupId of await this.state.findGroups(unit, [...targets.keys()])) {
      const key = { groupId, sequence: 'access' } as const;
      const head = await this.heads.lock(unit, key);
      const changes = await this.state.findChanges(unit, groupId, targets.get(groupId) ?? []);
      if (changes.length === 0) continue;
      const hash = GroupHash.from(head.hash);
      for (const { kind, id, beforeHash, afterHash } of changes) {
        if (beforeHash !== null) hash.remove(kind, id, beforeHash);
        if (afterHash !== null) hash.add(kind, id, afterHash);
      }
      const position = head.position + 1;
      await this.state.write(unit, groupId, position, changes);
      await this.heads.move(unit, key, { position, hash: hash.value });
      await announceSequence(unit, groupId, 'access');
      changed += changes.length;
    }
    return changed;
  }
}
