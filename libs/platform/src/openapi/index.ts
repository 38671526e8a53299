export { buildOpenApi } from './build-openapi.ts';
export { checkApiRules, type ApiRuleFinding } from './api-rules.ts';
