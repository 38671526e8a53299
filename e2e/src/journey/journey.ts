import { Caller } from '../support/caller.ts';
import { poll } from '../support/poll.ts';
import { startRecordingUpstream } from '../support/recording-upstream.ts';
import { attachPolicies, importDocuments, prepareTenant, publish } from './admin.ts';
import { type Books, checkBooks } from './books.ts';
import { publishByCommandLine } from './command-line.ts';
import { createApplication, joinPortal, subscribe } from './developer.ts';
import { acknowledged, bringUpGateway } from './gateway.ts';
import { expectThat } from './journey-log.ts';
import { planCallsPerMinute, sellProduct } from './products.ts';
import { type QuotaUse, useUpQuota } from './quota.ts';
import { approveAndUse, callInEveryWay, measurePublish, revokeAndRollBack } from './traffic.ts';
import { dataOf, type World } from './world.ts';

/** What a journey ends with. Times in milliseconds. */
export interface JourneyOutcome extends Books {
  publishToEnforcedMs: number;
  approvalToUsableMs: number;
  revokeToRefusedMs: number;
  quota: QuotaUse;
}

/** Plays one API call all the way through the platform: from a tenant's sign-up to its bill. Throws at the first thing that is not right. */
export async function playJourney(world: World): Promise<JourneyOutcome> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const upstream = await startRecordingUpstream();
    ends.push(upstream.stop);
    const { admin, group } = await prepareTenant(world);
    const gateway = await bringUpGateway(world, admin, group);
    ends.push(gateway.stop);
    await importDocuments(world, admin, group, upstream.url);
    await attachPolicies(world, admin, group);
    await world.log.step(
      'Publish: a numbered revision reaches the gateway and is acknowledged',
      'POST …/publish',
      async () => {
        const revision = await publish(admin, group.id, 'first publish');
        await acknowledged(admin, group.id, revision);
        return revision;
      },
      (revision) => `revision ${revision}`,
    );

    const zen = await sellProduct(world, admin, group.id, {
      name: 'Zen',
      path: '/zen',
      approval: 'manual',
      callsPerMinute: planCallsPerMinute,
    });
    const meta = await sellProduct(world, admin, group.id, {
      name: 'Meta',
      path: '/meta',
      approval: 'automatic',
      callsPerMinute: 1000,
    });
    const site = await poll('the portal site', async () => (await dataOf(admin.GET('/api/v1/portal-sites'))).items[0], {
      withinMs: 10_000,
      everyMs: 50,
    });
    const developer = await joinPortal(world, admin, site.slug);
    const applicationId = await createApplication(world, developer, site.slug);
    const held = await subscribe(world, developer, site.slug, applicationId, zen);
    const other = await subscribe(world, developer, site.slug, applicationId, meta);
    expectThat(
      held.state === 'pending' && other.state === 'approved',
      'one plan asks for approval, the other does not',
    );

    const caller = new Caller(gateway.httpUrl, group.hosts[0] ?? '');
    ends.push(() => caller.close());
    const approvalToUsableMs = await approveAndUse(world, admin, caller, held, zen.path);
    await callInEveryWay(world, caller, { held, other, path: zen.path });
    const publishToEnforcedMs = await measurePublish(world, admin, caller, group.id, upstream.url);
    await publishByCommandLine(world, admin, caller, { group, upstreamUrl: upstream.url });
    const revokeToRefusedMs = await revokeAndRollBack(world, admin, caller, group.id, held, zen.path);
    const second = await bringUpGateway(world, admin, group, { name: 'second-gateway', online: 2 });
    ends.push(second.stop);
    caller.addGateway(second.httpUrl);
    const quota = await useUpQuota(world, { admin, developer, caller }, { groupId: group.id, site, applicationId });
    const books = await checkBooks(world, admin, group.id, caller);
    expectThat(
      upstream.received() === caller.billable,
      `the upstream got ${upstream.received()} requests, the caller saw ${caller.billable} of its answers`,
    );
    expectThat(books.counted === books.calls, `${books.calls} calls, ${books.counted} counted`);
    expectThat(books.billed === books.billable, `${books.billable} billable calls, ${books.billed} billed`);
    return { publishToEnforcedMs, approvalToUsableMs, revokeToRefusedMs, quota, ...books };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}
