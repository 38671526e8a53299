import { describe, expect, it } from 'vitest';
import { areTiersRight, emptyPrice, isAmount, newPriceOf, priceDraftOf } from './price-draft.ts';

describe('a price as it is typed', () => {
  it('becomes what the API takes: no tiers unless it is tiered, no time unless one is named', () => {
    expect(newPriceOf({ ...emptyPrice, currency: ' usd', unitPrice: '0.0025 ' }, 'plv_1')).toEqual({
      planVersionId: 'plv_1',
      model: 'per-call',
      currency: 'USD',
      unitPrice: '0.0025',
      perCalls: 1,
      includedCalls: 0,
    });
  });

  it('has a last tier without an end, whatever was typed there', () => {
    const tiers = [
      { upToCalls: '100', unitPrice: '2' },
      { upToCalls: '9', unitPrice: '1' },
    ];
    expect(newPriceOf({ ...emptyPrice, model: 'tiered', tiers }, 'plv_1')).toMatchObject({
      tiers: [
        { upToCalls: 100, unitPrice: '2' },
        { upToCalls: null, unitPrice: '1' },
      ],
    });
  });

  it('refuses tiers that do not ascend and amounts that are no decimals', () => {
    const tier = (upToCalls: string, unitPrice = '1') => ({ upToCalls, unitPrice });
    expect(areTiersRight([tier('10'), tier('20'), tier('')])).toBe(true);
    expect(areTiersRight([tier('20'), tier('10'), tier('')])).toBe(false);
    expect(areTiersRight([tier('10'), tier('', '1,5')])).toBe(false);
    expect(['0', '0.000000000001', '12.50'].every(isAmount)).toBe(true);
    expect(['', '.5', '1,5', '-1', '01'].some(isAmount)).toBe(false);
  });

  it('begins with the present price, to take effect now', () => {
    const price = { id: 'prc_1', planVersionId: 'plv_1', createdAt: '', effectiveFrom: '2026-01-01T00:00:00.000Z' };
    const draft = priceDraftOf({
      ...price,
      model: 'package',
      currency: 'EUR',
      unitPrice: '3',
      perCalls: 1000,
      includedCalls: 5,
    });
    expect(draft).toMatchObject({ model: 'package', perCalls: '1000', includedCalls: '5', effectiveFrom: '' });
  });
});
