import { definePolicy } from '@tollgate/engine';
import { consumerRestrictionErrors } from './consumer-restriction.errors.ts';
import { consumerRestrictionSchema } from './schema.ts';

/** Lets only certain consumers pass. No I/O; safe to share between requests. */
export const consumerRestriction = definePolicy({
  name: 'consumer-restriction',
  title: 'Consumer restriction',
  description: 'Lets consumers, consumer groups, services or routes pass or refuses them, by name.',
  priority: 2400,
  direction: 'inbound',
  shared: 'allowed',
  isStateless: true,
  schema: consumerRestrictionSchema,
  errors: Object.values(consumerRestrictionErrors),
  compile({ type, whitelist, blacklist, allowed_by_methods: rules, rejected_code: status, rejected_msg: message }) {
    const allowed = whitelist === undefined ? null : new Set(whitelist);
    const refused = new Set(blacklist);
    const methodsOf = new Map(rules?.map(({ user, methods }) => [user, new Set(methods)]));
    const forbiddenText = message ?? `The ${type} is forbidden.`;
    const unidentifiedText = `The request is rejected, please check the ${type} for this request`;
    const passes = (name: string, method: string): boolean => {
      if (refused.has(name)) return false;
      if (allowed !== null) return allowed.has(name);
      return methodsOf.get(name)?.has(method) ?? true;
    };
    return {
      onRequest(call) {
        const name = call.variable(type);
        if (name === undefined) return call.reject(consumerRestrictionErrors.unidentified, unidentifiedText);
        if (passes(name, call.method)) return undefined;
        return call.reject(consumerRestrictionErrors.forbidden, forbiddenText, { status });
      },
    };
  },
});
