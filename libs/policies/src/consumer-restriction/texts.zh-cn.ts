import type { PolicyTexts } from '../policy-texts.ts';

export const consumerRestrictionChinese: PolicyTexts = {
  title: { of: 'Consumer restriction', is: '消费者限制' },
  description: {
    of: 'Lets consumers, consumer groups, services or routes pass or refuses them, by name.',
    is: '按名称放行或拒绝消费者、消费者组、服务或路由。',
  },
  options: {
    type: { title: '名单类型', of: 'What the lists name.', is: '名单中列出的是哪一类对象。' },
    whitelist: { title: '白名单', of: 'Those that pass; all others are refused.', is: '放行的对象；其余一律拒绝。' },
    blacklist: { title: '黑名单', of: 'Those that are refused.', is: '拒绝的对象。' },
    allowed_by_methods: {
      title: '按方法放行',
      of: 'Methods that the users named may use; users not named may use all.',
      is: '列出的用户可以使用的方法；未列出的用户可以使用全部方法。',
    },
    'allowed_by_methods[].user': { title: '用户' },
    'allowed_by_methods[].methods': { title: '方法' },
    rejected_code: { title: '拒绝时的状态码', of: 'Status of refused calls.', is: '拒绝调用时返回的状态码。' },
    rejected_msg: { title: '拒绝时的文字', of: 'Text for refused calls.', is: '拒绝调用时返回的文字。' },
  },
};
