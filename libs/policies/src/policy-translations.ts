import type { Translation } from '@tollgate/contracts/languages';
import { consumerRestrictionChinese } from './consumer-restriction/texts.zh-cn.ts';
import { corsChinese } from './cors/texts.zh-cn.ts';
import { ipRestrictionChinese } from './ip-restriction/texts.zh-cn.ts';
import { keyAuthChinese } from './key-auth/texts.zh-cn.ts';
import { limitCountChinese } from './limit-count/texts.zh-cn.ts';
import type { PolicyTexts } from './policy-texts.ts';
import { prometheusChinese } from './prometheus/texts.zh-cn.ts';
import { proxyRewriteChinese } from './proxy-rewrite/texts.zh-cn.ts';
import { requestIdChinese } from './request-id/texts.zh-cn.ts';
import { responseRewriteChinese } from './response-rewrite/texts.zh-cn.ts';

/** Texts of every policy by language and name; they stand in the policies’ folders. */
export const policyTranslations: Readonly<Record<Translation, Readonly<Record<string, PolicyTexts>>>> = {
  'zh-CN': {
    'request-id': requestIdChinese,
    cors: corsChinese,
    'ip-restriction': ipRestrictionChinese,
    'key-auth': keyAuthChinese,
    'consumer-restriction': consumerRestrictionChinese,
    'proxy-rewrite': proxyRewriteChinese,
    'limit-count': limitCountChinese,
    'response-rewrite': responseRewriteChinese,
    prometheus: prometheusChinese,
  },
};
