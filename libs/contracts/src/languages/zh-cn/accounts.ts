import type { Sentences } from '../language.ts';

/** Organisations, members, sessions and tokens. */
export const accountSentences: Sentences = {
  'This works inside a tenant only.': '此操作只能在组织内进行。',
  'This needs a session; an access token does not do.': '此操作需要登录会话，不能使用访问令牌。',
  'Only people make personal access tokens.': '只有人员账号可以创建个人访问令牌。',
  'Only operators hold this.': '只有平台运营人员拥有此权限。',
  'Missing: {permissions}.': '缺少权限：{permissions}。',
  'Make somebody else an owner of {tenant} first.': '请先让其他人成为 {tenant} 的所有者。',
  'A new account needs a name.': '新账号需要填写姓名。',
  'This is no IANA time zone.': '这不是 IANA 时区。',
  'An environment was added this moment.': '刚刚新增了一个环境。',
  'The environment {name} belongs to it.': '环境“{name}”属于它。',
  'The project still has environments.': '该项目中仍有环境。',
  'Gateway group {name} ({id}).': '网关组 {name}（{id}）。',
  'Your session cannot be looked up right now; it goes on.': '暂时无法查询您的会话，会话仍然有效。',
  'It cannot be checked right now whether your session is still valid.': '暂时无法确认您的会话是否仍然有效。',
};
