import type { Sentences } from '../language.ts';

/** Products, plans, applications, subscriptions and credentials. */
export const portalSentences: Sentences = {
  'A developer has at most {n} applications.': '每位开发者最多 {n} 个应用。',
  'A subscription has at most {n} active credentials.': '每个订阅最多 {n} 个有效凭据。',
  'An application has at most {n} live subscriptions.': '每个应用最多 {n} 个有效订阅。',
  'A product has at most {n} plans.': '每个产品最多 {n} 个套餐。',
  'A plan has at most {n} versions.': '每个套餐最多 {n} 个版本。',
  'The product has no plan on offer.': '该产品没有可供订阅的套餐。',
  'The product has no routes.': '该产品没有路由。',
  'There is no such gateway group.': '没有此网关组。',
  'There is no such route in the published revision.': '已发布的版本中没有此路由。',
  'The route asks for no key, and no plan is keyless.': '该路由不要求密钥，而产品没有免密钥的套餐。',
  'The product was changed meanwhile; try again.': '该产品在此期间被更改，请重试。',
  '{id} refers to it': '{id} 引用了它',
  'There are more.': '还有更多。',
  'The state is {state}; this has no step “{step}”.': '当前状态是 {state}，不能执行“{step}”。',
  'The plan belongs to another product.': '该套餐属于另一个产品。',
  'The plan is retired.': '该套餐已停售。',
  'The plan needs no subscription.': '该套餐无需订阅。',
};
