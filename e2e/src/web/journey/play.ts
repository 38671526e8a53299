import { makeFirstCall, signUp } from './first-call.ts';
import { guardBooks, importBooks } from './imported-api.ts';
import { rollBack, seeCalls, seePrice } from './insight.ts';
import { approve, discover, signUpAtPortal } from './joining.ts';
import { makeTemplate } from './policies.ts';
import { sellBooks } from './product.ts';
import { describeFirstApi, publishChanges } from './publishing.ts';
import type { Scene } from './scene.ts';
import { exchangeKeys, subscribe, useKey } from './subscribing.ts';
import { seeUsage, tryRequest } from './trying.ts';

/** Plays the whole story. `tell` hears of each part before it begins. */
export async function playJourney(scene: Scene, tell: (part: string) => void = () => {}): Promise<void> {
  tell('sign up');
  await signUp(scene);
  tell('first call');
  const gateway = await makeFirstCall(scene);
  tell('template');
  await makeTemplate(scene);
  tell('import');
  await importBooks(scene);
  await guardBooks(scene);
  tell('publish');
  await describeFirstApi(scene);
  await publishChanges(scene, gateway);
  tell('product');
  await sellBooks(scene);
  tell('join');
  await discover(scene);
  await signUpAtPortal(scene);
  await approve(scene, scene.cast.developer.name);
  tell('subscribe');
  await subscribe(scene);
  tell('key');
  const before = scene.upstream.received();
  /** Calls of the application that reached the API; what is refused costs nothing. */
  const billable = (): number => scene.upstream.received() - before;
  const held = await useKey(scene);
  tell('try');
  await tryRequest(scene);
  await seeUsage(scene, billable());
  tell('exchange keys');
  await exchangeKeys(scene, held);
  tell('insight');
  await seeCalls(scene, billable());
  await seePrice(scene, billable());
  tell('roll back');
  await rollBack(scene, gateway);
}
