import type { PersonId } from '../ids.js';
import type { PlatformName } from './address.js';

/** A channel of the operator's in which people are told that somebody needs a human. */
export interface AlertPlace {
  readonly platform: PlatformName;
  readonly channel: string;
  /** The workspace of the channel, where the platform has several. */
  readonly team?: string | undefined;
  /** A role or group that is called there. */
  readonly group?: string | undefined;
}

/** That somebody asked for a human being, as it is told. */
export interface Alert {
  /** Digits; what the button carries. */
  readonly id: string;
  readonly person: PersonId;
  /** What they are called where they wrote. */
  readonly name: string;
  /** @param who the person as the platform shows one. */
  readonly text: (who: string) => string;
  /** The button by which one takes it. */
  readonly button: string;
}
