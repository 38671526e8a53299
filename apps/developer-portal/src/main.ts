import 'reflect-metadata';
import { runService } from '@tollgate/platform';
import { developerPortalApp } from './index.ts';

await runService(developerPortalApp, process.env);
