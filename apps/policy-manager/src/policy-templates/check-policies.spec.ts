import { describe, expect, it } from 'vitest';
import { sampleCatalogue as catalogue } from '../testing/sample-catalogue.ts';
import { checkPolicies } from './check-policies.ts';

const check = (inbound: object[], outbound: object[] = []) =>
  checkPolicies({ inbound: inbound.map(withOptions), outbound: outbound.map(withOptions) }, catalogue, '/draft').map(
    ({ pointer }) => pointer,
  );
const withOptions = (policy: object) => ({ type: '', options: {}, ...policy });

describe('checking the policies of a template', () => {
  it('accepts types of the catalogue with options that their schemas take', () => {
    expect(check([{ type: 'key-auth' }, { type: 'limit-count', options: { count: 5 } }])).toEqual([]);
  });

  it('names an unknown type', () => {
    expect(check([{ type: 'key-auth' }, { type: 'no-such-policy' }])).toEqual(['/draft/inbound/1/type']);
  });

  it('names the option that the type refuses', () => {
    expect(check([{ type: 'limit-count', options: { count: 'many' } }])).toEqual(['/draft/inbound/0/options/count']);
  });

  it('names a type that stands twice, on whichever side', () => {
    expect(check([{ type: 'logger' }], [{ type: 'logger' }])).toEqual(['/draft/outbound/0/type']);
  });

  it('names a type on a side where it does not run', () => {
    expect(check([{ type: 'data-mask' }], [{ type: 'key-auth' }])).toEqual([
      '/draft/inbound/0/type',
      '/draft/outbound/0/type',
    ]);
  });
});
