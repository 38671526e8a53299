export * from './ids/index.ts';
export * from './services/index.ts';
