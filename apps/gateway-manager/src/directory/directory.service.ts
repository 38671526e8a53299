import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { Database } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { DirectoryRepository, type EnvironmentRecord } from './directory.repository.ts';
import { IamSnapshots } from './iam-snapshots.ts';

/** Where a gateway group goes. */
export interface Place {
  environment: EnvironmentRecord;
  /** Of the tenant; part of the group's default host. */
  slug: string;
}

/** Knows tenants and environments from iam's events, and asks iam for one that was made a moment ago. */
@Injectable()
export class DirectoryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(IamSnapshots) private readonly iam: IamSnapshots,
  ) {}

  /** @throws ApiError `request.invalid` when the tenant has no such environment. */
  async place(tenantId: string, environmentId: string): Promise<Place> {
    const known = await this.#find(tenantId, environmentId);
    if (known !== null) return usable(known);
    const snapshot = await this.iam.findEnvironment(tenantId, environmentId);
    if (snapshot === null) throw unknownEnvironment();
    await this.database.inTenant(tenantId, async (unit) => {
      await this.directory.putTenant(unit, snapshot.slug);
      await this.directory.putEnvironment(unit, snapshot.environment);
    });
    return usable(snapshot);
  }

  async #find(tenantId: string, environmentId: string): Promise<Place | null> {
    return this.database.inTenant(tenantId, async (unit) => {
      const tenant = await this.directory.findTenant(unit);
      const environment = await this.directory.findEnvironment(unit, environmentId);
      return tenant && environment ? { environment, slug: tenant.slug } : null;
    });
  }
}

function usable(place: Place): Place {
  if (place.environment.isDeleted) throw unknownEnvironment();
  return place;
}

function unknownEnvironment(): ApiError {
  return new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/environmentId', message: 'There is no such environment.' }],
  });
}
