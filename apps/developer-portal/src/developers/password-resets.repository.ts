import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { LessThan, MoreThan } from 'typeorm';
import { PasswordResetEntity } from './password-reset.entity.ts';

@Injectable()
export class PasswordResetsRepository {
  async insert({ manager }: UnitOfWork, reset: PasswordResetEntity): Promise<void> {
    await manager.insert(PasswordResetEntity, reset);
  }

  /** Whose reset this is, while it is not used up; null when there is none, or it is past its time. */
  async findDeveloperId({ manager }: UnitOfWork, tokenSha256: string): Promise<string | null> {
    const reset = await manager.findOneBy(PasswordResetEntity, { tokenSha256, expiresAt: MoreThan(new Date()) });
    return reset?.developerId ?? null;
  }

  /** Uses a reset up, and with it all others of the developer. Returns whether it was there. */
  async take({ manager }: UnitOfWork, developerId: string, tokenSha256: string): Promise<boolean> {
    const taken = await manager.delete(PasswordResetEntity, { tokenSha256, developerId });
    await manager.delete(PasswordResetEntity, { developerId });
    return taken.affected !== 0;
  }

  /** Deletes resets of all tenants past their time; for a system unit. */
  async forgetExpired({ manager }: UnitOfWork, before: Date): Promise<void> {
    await manager.delete(PasswordResetEntity, { expiresAt: LessThan(before) });
  }
}
