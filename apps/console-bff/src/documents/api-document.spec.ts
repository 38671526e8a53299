import { checkApiRules } from '@tollgate/platform/openapi';
import { describe, expect, it } from 'vitest';
import { platformDocument } from './api-document.ts';

describe('the platform’s OpenAPI document', () => {
  it('holds endpoints of every service that has any', () => {
    const services = new Set(
      Object.values(platformDocument().paths ?? {}).flatMap((item) =>
        Object.values(item).map((operation) => (operation as Record<string, unknown>)['x-tollgate-service']),
      ),
    );
    expect([...services].sort()).toEqual([
      'analytics',
      'console-bff',
      'developer-portal',
      'gateway-manager',
      'iam',
      'policy-manager',
    ]);
  });

  it('keeps the rules of the public API on every endpoint', () => {
    expect(checkApiRules(platformDocument())).toEqual([]);
  });
});
