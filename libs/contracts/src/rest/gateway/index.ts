export * from './gateway.errors.ts';
export * from './groups.ts';
export * from './workspaces.ts';
export * from './resources.ts';
export * from './imports.ts';
export * from './publishing.ts';
export * from './snapshots.ts';
