import type { PolicyTexts } from '../policy-texts.ts';

export const keyAuthChinese: PolicyTexts = {
  title: { of: 'API key', is: 'API 密钥' },
  description: {
    of: 'Identifies the consumer by an API key in a header or the query.',
    is: '通过请求头或查询参数中的 API 密钥识别消费者。',
  },
  options: {
    header: { title: '请求头', of: 'Header that holds the key.', is: '携带密钥的请求头。' },
    query: {
      title: '查询参数',
      of: 'Query parameter that holds the key when the header is missing.',
      is: '没有该请求头时，携带密钥的查询参数。',
    },
    hide_credentials: {
      title: '隐藏凭据',
      of: 'Whether the key is removed before the call goes to the upstream.',
      is: '转发到上游之前是否移除密钥。',
    },
    realm: {
      title: '认证域',
      of: 'Realm named in `WWW-Authenticate` when the key is missing or wrong.',
      is: '密钥缺失或错误时，在 `WWW-Authenticate` 中给出的认证域（realm）。',
    },
  },
  credential: {
    key: { title: '密钥', of: 'The key itself.', is: '密钥本身。' },
    key_sha256: {
      title: '密钥的 SHA-256',
      of: 'Lower-case hexadecimal SHA-256 of the key, instead of the key.',
      is: '密钥的 SHA-256（小写十六进制），用来代替密钥本身。',
    },
    expires_at: { title: '到期时间', of: 'When the key stops being accepted.', is: '密钥从何时起不再有效。' },
  },
};
