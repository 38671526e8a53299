import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';
import type { Browser } from 'playwright-core';
import { dataOf } from '../../journey/world.ts';
import { clientOf, openDemoStage } from '../demo-stage.ts';
import type { DemoWorld } from '../demo-world.ts';
import type { Visitor } from '../places.ts';
import { consoleLogIn, demoLogIns, type LogIn, portalLogIn } from '../visit.ts';
import { type Furniture, furnish } from './furnish.ts';
import { begin, letViewerIn, newOrganisation } from '../organisations.ts';
import { logInAtPortal, password, signUpAtPortal, wantPlan } from './portal-people.ts';

/** The demo tenant with everything in it that states need, and others that have nothing. */
export interface StatesWorld extends DemoWorld {
  readonly browser: Browser;
  readonly dataDir: string;
  readonly admin: TollgateClient;
  readonly logIns: Readonly<Record<Exclude<Visitor, 'nobody'>, LogIn>>;
  readonly made: Furniture & {
    /** Of the beginner. */
    readonly firstGroup: string;
    readonly firstProduct: string;
    /** Portal site of the newcomer, in which nothing is on offer. */
    readonly emptySite: string;
    /** Of the demo's developer: one that waits for a yes, one that got a no. */
    readonly waiting: string;
    readonly refused: string;
    /** Who waits to be let in. */
    readonly applicant: string;
  };
  readonly close: () => Promise<void>;
}

/** Starts an installation of its own and a browser, and furnishes it by the public API. */
export async function openStatesWorld(): Promise<StatesWorld> {
  const { world: demo, browser, folder, dataDir, close: closeStage } = await openDemoStage();
  const closing: (() => Promise<void>)[] = [closeStage];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0)) await step();
  };
  try {
    const { addresses } = demo;
    const admin = await clientOf(addresses.consoleUrl, demo.people.admin);
    const furniture = await furnish(admin, demo, {
      folder: join(folder, 'edge'),
      keep: (gateway) => closing.unshift(() => gateway.stop()),
    });
    const newcomer = await newOrganisation(addresses, 'Newcomers');
    const beginner = await newOrganisation(addresses, 'Beginners');
    const first = await begin(beginner.admin);
    const viewer = await letViewerIn(addresses, admin);
    const joined = await joinPortal(demo, { admin, manualPlan: furniture.manualPlan });

    const atConsole = (email: string): LogIn => ({ url: consoleLogIn(demo), email, password });
    const atPortal = (email: string): LogIn => ({ url: portalLogIn(demo), email, password });
    return {
      ...demo,
      browser,
      dataDir,
      admin,
      logIns: {
        ...demoLogIns(demo),
        viewer: atConsole(viewer),
        leaver: atConsole(viewer),
        newcomer: atConsole(newcomer.email),
        beginner: atConsole(beginner.email),
        starter: atPortal(joined.starterEmail),
        applicant: atPortal(joined.applicantEmail),
      },
      made: {
        ...furniture,
        firstGroup: first.group,
        firstProduct: first.product,
        emptySite: newcomer.slug,
        waiting: joined.waiting,
        refused: joined.refused,
        applicant: joined.applicant,
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Developers of the demo's portal: one let in, one who waits; and subscriptions of its first one. */
async function joinPortal(
  { addresses, siteSlug, people }: DemoWorld,
  { admin, manualPlan }: { admin: TollgateClient; manualPlan: string },
) {
  const { items: sites } = await dataOf(admin.GET('/api/v1/portal-sites'));
  const [site] = sites;
  if (site === undefined) throw new Error('the demo tenant has no portal site');
  await admin.PATCH('/api/v1/portal-sites/{siteId}', {
    params: { path: { siteId: site.id }, header: { 'if-match': `"${site.version}"` } },
    body: { signUpApproval: 'manual' },
  });
  const starterEmail = 'sally@example.com';
  const developerId = await signUpAtPortal(addresses, { siteSlug, name: 'Sally Starter', email: starterEmail });
  await admin.POST('/api/v1/developers/{developerId}/approve', { params: { path: { developerId } } });
  const applicantEmail = 'adam@example.com';
  const applicant = await signUpAtPortal(addresses, { siteSlug, name: 'Adam Applicant', email: applicantEmail });

  const developer = await logInAtPortal(addresses, { siteSlug, ...people.developer });
  const waiting = await wantPlan(developer, { siteSlug, name: 'Book club', planId: manualPlan });
  const refused = await wantPlan(developer, { siteSlug, name: 'Price scraper', planId: manualPlan });
  await admin.POST('/api/v1/subscriptions/{subscriptionId}/refuse', { params: { path: { subscriptionId: refused } } });
  return { starterEmail, applicantEmail, applicant, waiting, refused };
}
