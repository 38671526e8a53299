export * from './endpoint.ts';
export * from './file-answer.ts';
export * from './force.ts';
export * from './page.ts';
export * from './fields.ts';
export * from './projections.ts';
