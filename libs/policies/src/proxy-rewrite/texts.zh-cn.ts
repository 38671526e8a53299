import type { PolicyTexts } from '../policy-texts.ts';

export const proxyRewriteChinese: PolicyTexts = {
  title: { of: 'Request rewrite', is: '请求改写' },
  description: {
    of: 'Changes path, method, Host and headers on the way to the upstream.',
    is: '在转发到上游时更改路径、方法、Host 和请求头。',
  },
  options: {
    uri: {
      title: '路径',
      of: 'New path; may hold variables such as `$uri_param_id`.',
      is: '新的路径，可以包含变量，例如 `$uri_param_id`。',
    },
    regex_uri: {
      title: '路径（正则）',
      of: 'Pairs of expression and replacement (`$1`); the first that matches the path makes the new one. `uri` is stronger.',
      is: '成对的正则表达式和替换内容（`$1`）；由第一个与路径匹配的生成新路径。`uri` 优先。',
    },
    method: { title: '方法', of: 'New method.', is: '新的方法。' },
    host: { title: 'Host', of: 'New Host; may hold variables.', is: '新的 Host，可以包含变量。' },
    headers: {
      title: '请求头',
      of: 'Headers to add, set and remove on the way to the upstream.',
      is: '转发到上游时要添加、设置和移除的请求头。',
    },
    'headers.set': { title: '设置' },
    'headers.add': { title: '添加' },
    'headers.remove': { title: '移除' },
  },
};
