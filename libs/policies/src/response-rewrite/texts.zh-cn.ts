import type { PolicyTexts } from '../policy-texts.ts';

export const responseRewriteChinese: PolicyTexts = {
  title: { of: 'Response rewrite', is: '响应改写' },
  description: {
    of: 'Changes status, headers and body of answers on their way to the client.',
    is: '在响应返回客户端时更改状态码、响应头和响应体。',
  },
  options: {
    status_code: { title: '状态码', of: 'New status.', is: '新的状态码。' },
    body: { title: '响应体', of: 'New body.', is: '新的响应体。' },
    body_base64: {
      title: '响应体为 base64',
      of: 'Whether `body` is written in base64.',
      is: '`body` 是否以 base64 书写。',
    },
    headers: {
      title: '响应头',
      of: 'Headers to add, set and remove on the way to the client.',
      is: '返回客户端时要添加、设置和移除的响应头。',
    },
    'headers.set': { title: '设置' },
    'headers.add': { title: '添加' },
    'headers.remove': { title: '移除' },
    vars: {
      title: '条件',
      of: 'Condition under which answers are changed; absent = always.',
      is: '满足此条件才更改响应；不填表示始终更改。',
    },
  },
};
