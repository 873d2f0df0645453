import { isDanger, type Judgement } from '../../care/risk-judge.js';
import type { CareAnswer } from '../../state/risk.js';
import { withoutControls } from './controls.js';
import type { Stage } from './stage.js';

/** What care makes of a turn. */
export interface CareFound {
  /** What the platform says; null where nobody is in danger. */
  readonly answer: CareAnswer | null;
  /** That somebody is low, though not in danger. */
  readonly low: boolean;
}

/** Whether somebody is in danger. It comes first: before control codes are read, and before any model. */
export const care: Stage<'care'> = {
  name: 'care',
  phase: 'care',
  run: async ({ start: { messages, asked } }, { care: protocol, steering }) => {
    // What was judged on receipt is not judged again: the person was answered then.
    const judged = asked ? [] : messages.flatMap(({ care: found }) => (found ? [found] : []));
    const [first] = judged;
    if (first) {
      const text = [...new Set(judged.map((one) => one.text))].join('\n\n');
      return [{ answer: { ...first, text }, low: false }, decision(first)];
    }
    const said = (asked ?? messages).map(({ text }) => text);
    // A statement may be split over messages, with a code between its halves.
    const plain = said.map((text) => withoutControls(text, steering)).join('\n');
    const texts = [...new Set([...said, plain])];
    const [{ sessionId, personId }] = messages;
    const found = await protocol.judge(texts, sessionId);
    const answer = isDanger(found) ? await protocol.answer(texts, sessionId, { person: personId }) : null;
    return [{ answer, low: answer === null && found.grade === 'distress' }, decision(answer ?? found)];
  },
};

function decision({ grade, kind, ...rest }: Partial<Judgement>): Record<string, string | number | null> {
  const probability = rest.probability === undefined ? null : Math.round(rest.probability * 100) / 100;
  return {
    crisis: kind ?? null,
    ...(grade !== undefined && grade !== 'none' && { grade, probability, by: rest.by ?? null }),
  };
}
