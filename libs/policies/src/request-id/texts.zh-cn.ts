import type { PolicyTexts } from '../policy-texts.ts';

export const requestIdChinese: PolicyTexts = {
  title: { of: 'Request id', is: '请求 ID' },
  description: {
    of: 'Passes an id of the call on to the upstream and back, in a header of choice.',
    is: '用指定的请求头把调用的 ID 传给上游，并返回给客户端。',
  },
  options: {
    header_name: { title: '请求头名称', of: 'Header that carries the id.', is: '携带 ID 的请求头。' },
    include_in_response: {
      title: '包含在响应中',
      of: 'Whether the answer carries the id too.',
      is: '响应是否也带有该 ID。',
    },
    algorithm: { title: '算法', of: 'How new ids are made.', is: '如何生成新的 ID。' },
    range_id: {
      title: 'range_id 设置',
      of: 'Length and characters of ids made by `range_id`.',
      is: '用 `range_id` 生成的 ID 的长度和字符集。',
    },
    'range_id.length': { title: '长度' },
    'range_id.char_set': { title: '字符集' },
  },
};
