export * from './problem.ts';
export * from './define-error.ts';
export * from './common.errors.ts';
