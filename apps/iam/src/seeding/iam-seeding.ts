import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { addEnvironment } from '../environments/add-environment.ts';
import { membersRepository } from '../members/members.repository.ts';
import { projectsRepository } from '../projects/projects.repository.ts';
import { addTenant } from '../tenants/add-tenant.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import { usersRepository } from '../users/users.repository.ts';

/** A person to be made. */
export interface SeedPerson {
  email: string;
  name: string;
  password: string;
}

/** A tenant to be made, with its first owner and one project. */
export interface SeedTenant {
  name: string;
  slug: string;
  owner: SeedPerson;
  project: { name: string; environments: string[] };
}

/** What a new installation starts with. Doing it again changes nothing: what is there stays as it is. */
@Injectable()
export class IamSeeding {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
  ) {}

  /** Makes an operator unless somebody has the e-mail address already. Returns the user's id and whether it is new. */
  async ensureOperator({ email, name, password }: SeedPerson): Promise<{ userId: string; isNew: boolean }> {
    const passwordHash = await this.passwords.hash(password);
    return this.database.inSystem('people', async (unit) => {
      const found = await usersRepository.findByEmail(unit, email);
      if (found) return { userId: found.id, isNew: false };
      const user = await usersRepository.insert(unit, { email, name, passwordHash, isOperator: true });
      return { userId: user.id, isNew: true };
    });
  }

  /** Makes a tenant unless the slug is there already. Returns its id and whether it is new. */
  async ensureTenant({ owner, project, ...tenant }: SeedTenant): Promise<{ tenantId: string; isNew: boolean }> {
    const found = await this.database.inSystem('sign-up', (unit) => tenantsRepository.findBySlug(unit, tenant.slug));
    if (found) return { tenantId: found.id, isNew: false };
    const tenantId = newId('tnt');
    const passwordHash = await this.passwords.hash(owner.password);
    await this.database.inSystem(
      'sign-up',
      async (unit) => {
        await addTenant(unit, { id: tenantId, ...tenant });
        const { email, name } = owner;
        const user =
          (await usersRepository.findByEmail(unit, email)) ??
          (await usersRepository.insert(unit, { email, name, passwordHash }));
        await membersRepository.insert(unit, { tenantId, userId: user.id, role: 'owner' });
        await insertProject(unit, tenantId, project);
      },
      { tenantId },
    );
    return { tenantId, isNew: true };
  }
}

async function insertProject(
  unit: UnitOfWork,
  tenantId: string,
  { name, environments }: SeedTenant['project'],
): Promise<void> {
  const now = new Date();
  const row = { id: newId('prj'), tenantId, name, description: '', version: 1, createdAt: now, updatedAt: now };
  await projectsRepository.insert(unit, row);
  for (const environment of environments) await addEnvironment(unit, row, environment);
}
