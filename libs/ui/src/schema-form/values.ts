/** What is done with JSON values and schemas without a page: `@tollgate/ui/values`. */
export { checkerOf, type Refusal } from './check-value.ts';
export { type FieldText, type FieldTexts, labelOf } from './field-texts.ts';
export { isSame, withMember } from './field-value.ts';
export { isObject, type JsonSchema, withoutReferences } from './json-schema.ts';
