import type { Resource } from './resource.ts';

/** Ids as the server makes them. */
const madeId = /^res_[0-9a-v]{26}$/;

/** Whether nobody chose this id. */
export function isMadeId(id: string): boolean {
  return madeId.test(id);
}

/** What somebody called a resource: its name, else the id that they chose; undefined where they did neither. */
export function givenNameOf({ id, value }: Pick<Resource, 'id' | 'value'>): string | undefined {
  if (typeof value.name === 'string' && value.name !== '') return value.name;
  return isMadeId(id) ? undefined : id;
}
