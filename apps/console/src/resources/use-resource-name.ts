import { useI18n } from 'vue-i18n';
import { givenNameOf } from './given-name.ts';
import { type ResourceSegment, textsOf } from './resource-api.ts';
import type { Resource } from './resource.ts';

/** How pages call a resource: as somebody named it, else as an unnamed one of its kind. */
export function useResourceName() {
  const { t } = useI18n();
  return (segment: ResourceSegment, resource: Pick<Resource, 'id' | 'value'>): string =>
    givenNameOf(resource) ?? t(`${textsOf[segment]}.unnamed`);
}
