import { runService } from '@tollgate/platform';
import { consoleBffApp } from './index.ts';

await runService(consoleBffApp, process.env);
