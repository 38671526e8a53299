import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import en from './locales/en.json' with { type: 'json' };
import zh from './locales/zh-CN.json' with { type: 'json' };
import { type PlanPrice, priceWords } from './price-words.ts';

const i18n = createI18n({ legacy: false, locale: 'en', messages: { en, 'zh-CN': zh } });
const say = (price: PlanPrice, language: 'en' | 'zh-CN' = 'en') => {
  i18n.global.locale.value = language;
  return priceWords(price, { t: (key, values = {}) => i18n.global.t(key, values), language });
};
const perCall = { model: 'per-call', unitPrice: '0.002', perCalls: 1, includedCalls: 0, currency: 'EUR' } as const;
const tiered = {
  model: 'tiered',
  tiers: [
    { upToCalls: 1000, unitPrice: '0.01' },
    { upToCalls: null, unitPrice: '0.004' },
  ],
  perCalls: 1,
  includedCalls: 0,
  currency: 'USD',
} as const;

describe('a price in words', () => {
  it('is exact to the last digit', () => {
    expect(say(perCall).price).toBe('€0.002 per call');
    expect(say({ ...perCall, unitPrice: '0.000000000001' }).price).toBe('€0.000000000001 per call');
    expect(say({ ...perCall, unitPrice: '123456789.123456789012' }).price).toBe('€123,456,789.123456789012 per call');
    expect(say({ ...perCall, unitPrice: '2', currency: 'JPY' }).price).toBe('¥2 per call');
    expect(say(perCall, 'zh-CN').price).toBe('每次调用 €0.002');
  });

  it('says what it is for', () => {
    expect(say({ ...perCall, perCalls: 1000 }).price).toBe('€0.002 per 1,000 calls');
    const { price, included } = say({ ...perCall, model: 'package', perCalls: 1000, includedCalls: 500 });
    expect(price).toBe('€0.002 for every 1,000 calls begun');
    expect(included).toBe('The first 500 calls of a month are free');
  });

  it('of tiers is the lowest, with a line for each', () => {
    expect(say({ ...tiered, tiers: [...tiered.tiers] })).toEqual({
      price: 'from $0.004 per call',
      included: undefined,
      tiers: ['Up to 1,000 calls: $0.01 per call', 'Beyond: $0.004 per call'],
    });
    expect(say({ ...tiered, tiers: [...tiered.tiers] }, 'zh-CN').price).toBe('每次调用 US$0.004 起');
  });

  it('of nothing is free, and nothing is included in what is', () => {
    const free = { price: 'Free', included: undefined, tiers: [] };
    expect(say(null)).toEqual(free);
    expect(say({ ...perCall, unitPrice: '0.00', includedCalls: 5 })).toEqual(free);
    expect(say({ ...tiered, tiers: [{ upToCalls: null, unitPrice: '0' }] })).toEqual(free);
    expect(say(null, 'zh-CN').price).toBe('免费');
  });
});
