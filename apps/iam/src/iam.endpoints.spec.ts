import 'reflect-metadata';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import '@tollgate/contracts/rest/iam';
import { ENDPOINT_METADATA } from '@tollgate/platform';
import { describe, expect, it } from 'vitest';
import { iamControllers } from './iam.controllers.ts';

const implemented = iamControllers.flatMap((controller) => {
  const methods = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(methods).map(
    (name) => Reflect.getMetadata(ENDPOINT_METADATA, methods[name] ?? {}) as unknown,
  );
});

describe('the contract of iam', () => {
  it('is implemented, each endpoint once', () => {
    const declared = endpointCatalogue().filter(({ service }) => service === 'iam');
    expect(declared.length).toBeGreaterThan(40);
    for (const endpoint of declared) {
      expect(
        implemented.filter((each) => each === endpoint),
        endpoint.operationId,
      ).toHaveLength(1);
    }
    expect(implemented.filter((each) => each !== undefined)).toHaveLength(declared.length);
  });
});
