import type { components } from '@tollgate/client';

export type PolicyTemplate = components['schemas']['PolicyTemplate'];
export type PolicyTemplateVersion = components['schemas']['PolicyTemplateVersion'];
export type PolicySet = components['schemas']['PolicySet'];
export type Policy = components['schemas']['Policy'];
export type PolicyType = components['schemas']['PolicyType'];
/** Where a policy stands in a template. */
export type Direction = keyof PolicySet;
