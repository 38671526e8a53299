export { createTestDatabase, testMasterKey, type TestDatabase } from './test-database.ts';
