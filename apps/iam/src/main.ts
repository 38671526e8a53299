import 'reflect-metadata';
import { runService } from '@tollgate/platform';
import { iamApp } from './index.ts';

await runService(iamApp, process.env);
