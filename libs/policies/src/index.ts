export { policyPages } from './pages/policy-pages.ts';
export { type CatalogueEntry, policyCatalogue } from './catalogue.ts';
export { type PolicyFault, type PolicyOwner, validatePolicies, validatePolicy } from './validate-policy.ts';
export { policies } from './registry.ts';
