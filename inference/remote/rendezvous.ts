import { createHash } from 'node:crypto';

/**
 * Orders places for a key by rendezvous (highest random weight) hashing: every key has its own fixed order, and a place
 * that goes away moves only the keys it was first for (Thaler and Ravishankar, 1998).
 */
export function rendezvousOrder<Place extends { readonly id: string }>(
  key: string,
  places: readonly Place[],
): Place[] {
  return places
    .map((place) => ({ place, weight: createHash('sha1').update(`${place.id}\n${key}`).digest('hex') }))
    .sort((a, b) => (a.weight < b.weight ? 1 : -1))
    .map(({ place }) => place);
}
