import type { PolicyTexts } from '../policy-texts.ts';

export const limitCountChinese: PolicyTexts = {
  title: { of: 'Call limit', is: '调用次数限制' },
  description: {
    of: 'Limits the number of calls per fixed time window, by any property of the call.',
    is: '按调用的任意属性，限制每个固定时间窗口内的调用次数。',
  },
  options: {
    count: { title: '次数', of: 'Calls allowed per window.', is: '每个时间窗口内允许的调用次数。' },
    time_window: {
      title: '时间窗口',
      of: 'Length of the window in seconds; it begins with the first call.',
      is: '时间窗口的长度（秒），从第一次调用开始计时。',
    },
    key_type: {
      title: '计数依据的类型',
      of: 'Whether `key` is a variable, a combination such as `$remote_addr $consumer_name`, or a fixed text.',
      is: '`key` 是变量、变量组合（例如 `$remote_addr $consumer_name`）还是固定文本。',
    },
    key: {
      title: '计数依据',
      of: 'What calls are counted by; the client’s address when it is empty.',
      is: '按什么统计调用次数；其值为空时按客户端地址统计。',
    },
    group: {
      title: '计数分组',
      of: 'Policies with the same group and options share one counter.',
      is: '分组和选项都相同的策略共用一个计数器。',
    },
    rejected_code: { title: '超限时的状态码', of: 'Status of calls over the limit.', is: '超出限制时返回的状态码。' },
    rejected_msg: { title: '超限时的文字', of: 'Text for calls over the limit.', is: '超出限制时返回的文字。' },
    policy: {
      title: '计数位置',
      of: 'Where calls are counted: `local` counts on each data plane by itself.',
      is: '在哪里计数：`local` 表示每个数据面各自计数。',
    },
    allow_degradation: {
      title: '允许降级',
      of: 'Whether calls pass while counters cannot be reached; `local` always can.',
      is: '计数器不可用时是否放行调用；`local` 的计数器始终可用。',
    },
    show_limit_quota_header: {
      title: '返回限额响应头',
      of: 'Whether answers carry the `X-RateLimit-*` headers.',
      is: '响应是否带有 `X-RateLimit-*` 响应头。',
    },
  },
};
