import 'reflect-metadata';
import { runService } from '@tollgate/platform';
import { analyticsApp } from './index.ts';

await runService(analyticsApp, process.env);
