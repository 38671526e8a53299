import type { Sentences } from '../language.ts';

/** OpenAPI documents: import into a gateway group, and the reference of a product. */
export const importSentences: Sentences = {
  'It must be an object.': '必须是对象。',
  'It is neither an OpenAPI nor a Swagger document.': '这既不是 OpenAPI 文档，也不是 Swagger 文档。',
  'It lacks {name}.': '缺少 {name}。',
  'It needs paths, components or webhooks.': '需要 paths、components 或 webhooks 之一。',
  'It is no OpenAPI document.': '这不是 OpenAPI 文档。',
  'It must be a version 3.0 or 3.1 of OpenAPI.': '必须是 OpenAPI 3.0 或 3.1。',
  'must be a 3.0 or 3.1 version': '必须是 3.0 或 3.1 版本',
  'It is not as the specification says.': '不符合规范的要求。',
  'It is larger than 20 MiB.': '超过 20 MiB。',
  'It is larger than 1 MiB.': '超过 1 MiB。',
  'It is larger than 1 MiB as JSON.': '转换为 JSON 后超过 1 MiB。',
  'It is nested more than {n} levels deep.': '嵌套超过 {n} 层。',
  'It has no operation.': '其中没有任何操作。',
  'Reading it takes too long or too much memory; send JSON.': '读取它耗时过长或占用内存过多，请改用 JSON。',
  'Reading it takes too long or too much memory.': '读取它耗时过长或占用内存过多。',
  'Many documents are being read at present; try again in a moment.': '目前正在读取的文档较多，请稍后再试。',
  'A path starts with a slash.': '路径必须以斜杠开头。',
  'It refers to what is not in this document; left out.': '它引用了文档之外的内容，已略过。',
  'This id belongs to a resource that the import did not make.': '此 ID 属于并非由导入创建的资源。',
  'It names no server; say where calls go in `upstreamUrl`.':
    '其中没有指定服务器，请在 `upstreamUrl` 中说明调用发往何处。',
  'Scheme, host and port only.': '只能包含协议、主机和端口。',
  'Either the document or the address of one.': '请提供文档内容或文档地址，二者选一。',
  'It redirects more than {n} times.': '重定向超过 {n} 次。',
  'The address answered with status {status}.': '该地址返回了状态码 {status}。',
  'Send its text instead; that may have up to 20 MiB.': '请改为直接发送文档内容，最多 20 MiB。',
  'It did not answer within {n} seconds.': '{n} 秒内没有响应。',
  'The name is not known, nobody answers there, or the connection broke.': '域名无法解析、对方没有响应或连接中断。',
};
