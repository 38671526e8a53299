export { Platform } from './platform.ts';
export type { PlatformInput } from './platform.ts';
