import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Language } from '@tollgate/contracts/languages';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { PolicyType } from '@tollgate/contracts/rest/policy';
import { ApiError } from '@tollgate/platform';
import { POLICY_CATALOGUE, type PolicyCatalogue } from './policy-catalogue.ts';

/** Reads the policy catalogue in a language. It comes with the program and is the same for every tenant. */
@Injectable()
export class PolicyTypesService {
  constructor(@Inject(POLICY_CATALOGUE) private readonly catalogue: PolicyCatalogue) {}

  /** One page in catalogue order; the cursor is the name of the last type of the page before. */
  list({ limit, cursor }: PageQuery, language: Language): Page<PolicyType> {
    const types = [...this.catalogue.values()];
    const start = cursor === undefined ? 0 : this.#positionAfter(cursor, types);
    const items = types.slice(start, start + limit).map((type) => type.inLanguage(language));
    const hasMore = start + limit < types.length;
    return { items, nextCursor: hasMore ? (items.at(-1)?.name ?? null) : null };
  }

  /** @throws ApiError `resource.not_found` */
  get(name: string, language: Language): PolicyType {
    const entry = this.catalogue.get(name);
    if (entry === undefined) throw new ApiError(commonErrors.notFound);
    return entry.inLanguage(language);
  }

  #positionAfter(cursor: string, types: readonly PolicyType[]): number {
    const position = types.findIndex(({ name }) => name === cursor);
    if (position >= 0) return position + 1;
    throw new ApiError(commonErrors.invalid, {
      errors: [{ pointer: '/query/cursor', message: 'This is no cursor of a page before.' }],
    });
  }
}
