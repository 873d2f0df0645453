import { isAftermath, lowKind, mayOffer } from '../../care/aftermath.js';
import { isDanger, type Judgement } from '../../care/risk-judge.js';
import type { CareAnswer, RiskKind } from '../../state/risk.js';
import { withoutControls } from './controls.js';
import type { Stage } from './stage.js';

/** What care makes of a turn. */
export interface CareFound {
  /** What the platform says; null where nobody is in danger. */
  readonly answer: CareAnswer | null;
  /** What somebody is low about, though not in danger; null where they are not. */
  readonly low: RiskKind | null;
  /** An alarm lies a few turns back: nothing leads, jokes or plays in this reply. */
  readonly gentle: boolean;
  /** What the platform says after the reply to somebody who is low: where somebody listens; null where it is not due. */
  readonly offer: string | null;
  /** That this is an AI, where somebody asked in earnest whether it is; the platform says so, whatever a model says. */
  readonly truth: string | null;
}

/** Whether somebody is in danger. It comes first: before control codes are read, and before any model. */
export const care: Stage<'care'> = {
  name: 'care',
  phase: 'care',
  run: async ({ start: { messages, asked, session } }, { care: protocol, steering, clock }) => {
    // What was judged on receipt is not judged again: the person was answered then.
    const judged = asked ? [] : messages.flatMap(({ care: found }) => (found ? [found] : []));
    const [first] = judged;
    const inDanger = { low: null, gentle: false, offer: null, truth: null };
    if (first) {
      const text = [...new Set(judged.map((one) => one.text))].join('\n\n');
      return [{ ...inDanger, answer: { ...first, text } }, decision(first)];
    }
    const said = (asked ?? messages).map(({ text }) => text);
    // A statement may be split over messages, with a code between its halves.
    const plain = said.map((text) => withoutControls(text, steering)).join('\n');
    const texts = [...new Set([...said, plain])];
    const [{ sessionId, personId, country }] = messages;
    // They were let in: the character reads them next.
    const heard = async (): Promise<boolean> => true;
    const writer = { person: personId, country, heard };
    const found = await protocol.judge(texts, sessionId, heard);
    const answer = isDanger(found) ? await protocol.answer(texts, sessionId, writer) : null;
    if (answer) return [{ ...inDanger, answer }, decision(answer)];
    const now = clock.now();
    const low = lowKind(found);
    const gentle = isAftermath(session?.care, now);
    const offer = low && mayOffer(session?.care, now) ? await protocol.offer(said.join(' '), writer) : null;
    return [
      { answer, low, gentle, offer, truth: protocol.truth([plain]) },
      { ...decision(found), ...(gentle && { gentle }), ...(offer !== null && { offered: true }) },
    ];
  },
};

function decision({ grade, kind, ...rest }: Partial<Judgement>): Record<string, string | number | null> {
  const probability = rest.probability === undefined ? null : Math.round(rest.probability * 100) / 100;
  return {
    crisis: kind ?? null,
    ...(grade !== undefined && grade !== 'none' && { grade, probability, by: rest.by ?? null }),
  };
}
