const shape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether a name fits into a host name, as the server demands of groups, environments and workspaces. */
export function isSlug(name: string): boolean {
  return name.length >= 2 && name.length <= 40 && shape.test(name);
}
