import type { PolicyTexts } from '../policy-texts.ts';

export const ipRestrictionChinese: PolicyTexts = {
  title: { of: 'IP restriction', is: 'IP 限制' },
  description: { of: 'Lets callers pass or refuses them by their address.', is: '按 IP 地址放行或拒绝调用方。' },
  options: {
    whitelist: {
      title: '白名单',
      of: 'Addresses and ranges allowed; all others are refused.',
      is: '放行的地址和网段；其余一律拒绝。',
    },
    blacklist: { title: '黑名单', of: 'Addresses and ranges refused.', is: '拒绝的地址和网段。' },
    message: { title: '拒绝时的文字', of: 'Text of the refusal.', is: '拒绝时返回的文字。' },
    response_code: {
      title: '拒绝时的状态码',
      of: 'Status of the refusal: 403 or 404.',
      is: '拒绝时返回的状态码：403 或 404。',
    },
  },
};
