export { demoFile } from './demo-file.ts';
export type { DemoFile } from './demo-file.ts';
export { announceReady, readyMessage, tryAgainExitCode, urlsByPart } from './ready.ts';
export type { ReadyMessage } from './ready.ts';
export { runFile, runningProcess } from './run-file.ts';
export type { RunFile, RunningProcess } from './run-file.ts';
