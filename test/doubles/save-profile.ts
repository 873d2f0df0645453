import type { Profile } from '../../src/memory/profile.js';
import type { Store } from '../../src/state/store.js';

/** Puts a whole profile in the place of whatever is kept. */
export async function saveProfile(store: Pick<Store, 'people'>, profile: Profile): Promise<void> {
  await store.people.changeProfile(profile.personId, () => profile);
}
