import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { SessionId } from '../ids.js';
import { type CrisisKind, detectCrisis } from './crisis.js';

/** The fixed, out-of-character answer to somebody in danger: where there is help. */
export interface CareAnswer {
  readonly kind: CrisisKind;
  readonly text: string;
}

/** The care protocol: asked when a message arrives and again when it is answered, before any model, in every prompt format. */
export interface Care {
  /**
   * The answer to an explicit crisis statement in any of the texts, or in all of them together; null when there is none.
   * @param session the conversation they belong to, for whoever judges by what was said in it; null where there is none.
   */
  answer(texts: readonly string[], session: SessionId | null): Promise<CareAnswer | null>;
  /** What is said at first contact: that this is an AI. */
  disclosure(characterName: string): string;
}

const answerKeys: Readonly<Record<CrisisKind, string>> = {
  self: 'care.crisis',
  danger: 'care.danger',
  other: 'care.other',
};
const severity: readonly CrisisKind[] = ['self', 'danger', 'other'];

export function createCare(config: Config['care'], say: Say): Care {
  const helplines = config.helplines.map((line) => say('care.helpline', line)).join('\n');
  return {
    answer: async (texts) => {
      // Messages that came together are also read as one: a statement may be split over several.
      const kinds = [...texts, texts.join(' ')].map(detectCrisis);
      const kind = severity.find((candidate) => kinds.includes(candidate));
      return kind ? { kind, text: say(answerKeys[kind], { helplines }) } : null;
    },
    disclosure: (name) => say('disclosure', { name }),
  };
}
