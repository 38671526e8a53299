import type { PolicyTexts } from '../policy-texts.ts';

export const prometheusChinese: PolicyTexts = {
  title: { of: 'Metrics', is: '指标' },
  description: {
    of: 'Reports status, latency and bandwidth of calls as Prometheus metrics of the data plane.',
    is: '以数据面的 Prometheus 指标形式报告调用的状态码、延迟和带宽。',
  },
  options: {
    prefer_name: {
      title: '使用名称',
      of: 'Whether metrics name routes by their name instead of their id.',
      is: '指标中是否用名称而不是 ID 标识路由。',
    },
  },
};
