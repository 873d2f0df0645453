import { laws, soonest } from '../../config/law.js';
import type { Config } from '../../config/schema.js';

/** What is owed to a person by the law the operator goes by and by their settings. */
export interface Duties {
  /** Hours after which they are told again that this is an AI; 0: only at the beginning. */
  readonly remindHours: number;
  /** The reminder also says that a break may do good. */
  readonly suggestsBreak: boolean;
}

/** @param minor whether somebody under 18 is among those who are spoken to. */
export function dutiesTowards(
  { jurisdiction, disclosureEveryHours }: Pick<Config['care'], 'jurisdiction' | 'disclosureEveryHours'>,
  minor: boolean,
): Duties {
  const law = laws[jurisdiction];
  return {
    remindHours: soonest([disclosureEveryHours, minor ? law.remindMinorsHours : law.remindHours]),
    suggestsBreak: minor && law.breaksForMinors,
  };
}
