import 'reflect-metadata';
import { runService } from '@tollgate/platform';
import { gatewayManagerApp } from './index.ts';

await runService(gatewayManagerApp, process.env);
