import { afterAll, beforeAll, describe } from 'vitest';
import { describeAway } from './trouble/away.ts';
import { describeConflicts } from './trouble/conflicts.ts';
import { describeCutAnswers } from './trouble/cut-answers.ts';
import { describeForbidden } from './trouble/forbidden.ts';
import { describeLostSessions } from './trouble/lost-sessions.ts';
import { describeSmallTroubles } from './trouble/small-troubles.ts';
import { describePolicyEditor } from './trouble/policy-editor.ts';
import { openTroubleWorld, type TroubleWorld } from './trouble/trouble-world.ts';
import { describeTwoTabs } from './trouble/two-tabs.ts';

let opened: TroubleWorld;
const world = (): TroubleWorld => opened;

beforeAll(async () => {
  opened = await openTroubleWorld();
});
afterAll(async () => {
  await opened?.stop();
});

describe('when others save first', () => describeConflicts(world));
describe('when a session ends', () => describeLostSessions(world));
describe('in two tabs', () => describeTwoTabs(world));
describe('when the service is away', () => describeAway(world));
describe('in the policy editor', () => describePolicyEditor(world));
describe('when an answer breaks off', () => describeCutAnswers(world));
describe('small troubles', () => describeSmallTroubles(world));
describe('what is not theirs', () => describeForbidden(world));
