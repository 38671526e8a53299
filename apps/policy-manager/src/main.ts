import 'reflect-metadata';
import { runService } from '@tollgate/platform';
import { policyManagerApp } from './index.ts';

await runService(policyManagerApp, process.env);
