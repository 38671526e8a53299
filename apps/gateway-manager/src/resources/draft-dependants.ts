import { Inject, Injectable } from '@nestjs/common';
import { contentHash } from '@tollgate/contracts/gateway';
import type { Dependant } from '@tollgate/contracts/rest';
import type { UnitOfWork } from '@tollgate/persistence';
import { upstreamOf } from '../stream-routes/stream-route-state.ts';
import { StreamRoutesRepository } from '../stream-routes/stream-routes.repository.ts';
import { compileDraft } from './compile-draft.ts';
import { type CutLoose, type StreamSchemes, withoutReferencesTo, withoutUpstreamOfService } from './cut-loose.ts';
import type { DraftResourceEntity } from './draft-resource.entity.ts';
import { type DraftInput, type DraftKey, DraftResourcesRepository, templateOf } from './draft-resources.repository.ts';
import { referencesOf } from './references.ts';

/** Resources that need one that is removed by force. */
@Injectable()
export class DraftDependants {
  constructor(
    @Inject(DraftResourcesRepository) private readonly drafts: DraftResourcesRepository,
    @Inject(StreamRoutesRepository) private readonly streamRoutes: StreamRoutesRepository,
  ) {}

  /**
   * Takes the references to a resource out of the draft: routes that named it are disabled, and so are the routes of a service that
   * loses its upstream; stream routes too. Traffic changes with the next publish only.
   * @param gone a resource that the unit has locked, so that nobody comes to refer to it meanwhile.
   */
  async cutLoose(unit: UnitOfWork, gone: DraftKey): Promise<Dependant[]> {
    const direct = await this.drafts.lockReferrers(unit, gone.groupId, gone.kind, [gone.id]);
    const schemes = await this.#schemes(unit, gone.groupId);
    const changed = direct.map((row) => ({ row, after: withoutReferencesTo(gone, row, schemes) }));
    const services = direct.filter(({ kind }) => kind === 'service').map(({ id }) => id);
    for (const row of await this.drafts.lockReferrers(unit, gone.groupId, 'service', services)) {
      const after = withoutUpstreamOfService(row, schemes);
      if (after !== null) changed.push({ row, after });
    }
    await this.drafts.putAll(unit, gone.groupId, changed.map(toInput));
    return changed.map(({ row: { kind, id }, after: { effect } }) => ({ kind, id, effect }));
  }

  async #schemes(unit: UnitOfWork, groupId: string): Promise<StreamSchemes> {
    const rows = await this.streamRoutes.findDrafted(unit, groupId);
    return new Map(
      rows.flatMap((row): [string, string][] => {
        const upstream = upstreamOf(row);
        return upstream === null ? [] : [[row.id, upstream.scheme]];
      }),
    );
  }
}

function toInput({ row, after: { value } }: { row: DraftResourceEntity; after: CutLoose }): DraftInput {
  const { groupId, kind, id, workspaceId, importedBy } = row;
  const policyTemplate = templateOf(row);
  const hash = contentHash(compileDraft({ value, policyTemplate, workspaceId }));
  const references = referencesOf(kind, value);
  return { groupId, kind, id, workspaceId, value, policyTemplate, importedBy, contentHash: hash, references };
}
