import type { PolicyTexts } from '../policy-texts.ts';

export const corsChinese: PolicyTexts = {
  title: { of: 'CORS', is: '跨域（CORS）' },
  description: {
    of: 'Lets scripts of other origins call the API, and answers their preflight requests.',
    is: '允许其他来源的脚本调用 API，并应答其预检请求。',
  },
  options: {
    allow_origins: {
      title: '允许的来源',
      of: 'Origins allowed, separated by commas; `*` = all, `**` = all, credentials included.',
      is: '允许的来源，以逗号分隔；`*` 表示全部，`**` 表示全部且包括携带凭据的请求。',
    },
    allow_origins_by_regex: {
      title: '允许的来源（正则）',
      of: 'Expressions for further origins.',
      is: '以正则表达式指定的更多来源。',
    },
    allow_methods: {
      title: '允许的方法',
      of: 'Methods allowed, separated by commas; `*` = all.',
      is: '允许的方法，以逗号分隔；`*` 表示全部。',
    },
    allow_headers: {
      title: '允许的请求头',
      of: 'Request headers allowed; `**` = those that are asked for.',
      is: '允许的请求头；`**` 表示允许预检请求中列出的全部请求头。',
    },
    expose_headers: {
      title: '暴露的响应头',
      of: 'Response headers that scripts may read.',
      is: '脚本可以读取的响应头。',
    },
    max_age: {
      title: '缓存时间',
      of: 'Seconds for which browsers remember the answer; −1 = not at all.',
      is: '浏览器缓存预检结果的秒数；−1 表示不缓存。',
    },
    allow_credential: {
      title: '允许携带凭据',
      of: 'Whether cookies and credentials may be sent along.',
      is: '是否允许请求携带 Cookie 和凭据。',
    },
  },
};
