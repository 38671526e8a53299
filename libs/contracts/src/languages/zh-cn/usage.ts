import type { Sentences } from '../language.ts';

/** Analytics, prices and billing. */
export const usageSentences: Sentences = {
  'Usage cannot be read at present. Calls are counted all the same; try again in a moment.':
    '暂时无法读取用量。调用仍在照常计数，请稍后再试。',
  'The calls of this month are not kept by minute any more.': '该月的调用已不再按分钟保留。',
  'There is no such currency in ISO 4217.': 'ISO 4217 中没有此货币。',
  'Three capital letters (ISO 4217).': '三个大写字母（ISO 4217）。',
  'Prices begin with a whole minute.': '价格必须从整分钟开始生效。',
  'A decimal like 0.0025: up to 9 digits before and 12 after the point.':
    '形如 0.0025 的小数：小数点前最多 9 位，小数点后最多 12 位。',
  'Needed for the model `tiered`, and only there.': '仅在计价方式为 `tiered` 时需要填写，且必须填写。',
  'Needed unless the model is `tiered`.': '除非计价方式为 `tiered`，否则必须填写。',
  'Each tier ends after the one before; the last, and only the last, has no end.':
    '每一档的终点必须大于前一档；只有最后一档没有终点。',
  'Reports begin with a whole minute.': '报表必须从整分钟开始。',
  'Reports end with a whole minute.': '报表必须在整分钟结束。',
  'The end lies after the beginning.': '结束时间必须晚于开始时间。',
  'A report spans 366 days at most.': '报表最多跨越 366 天。',
  'Counters of this time are kept by hour or day only: ask for whole hours or days.':
    '这段时间的计数只按小时或天保留，请按整小时或整天查询。',
  'Only reports by minute, hour or day alone are filled, without limit and order.':
    '只有仅按分钟、小时或天分组且没有数量限制和排序的报表才会补全空档。',
  'A month like 2026-05.': '形如 2026-05 的月份。',
  'Either a subscription or an application.': '请指定订阅或应用，二者选一。',
};
