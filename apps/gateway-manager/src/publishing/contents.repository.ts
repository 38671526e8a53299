import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';

/** Values of published resources by their content hash; written once, never changed. */
@Injectable()
export class ContentsRepository {
  async findAll({ manager }: UnitOfWork, hashes: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
    if (hashes.length === 0) return new Map();
    const rows = await manager.query<{ hash: string; value: Record<string, unknown> }[]>(
      'select hash, value from contents where hash = any($1)',
      [hashes],
    );
    return new Map(rows.map(({ hash, value }) => [hash, value]));
  }
}
