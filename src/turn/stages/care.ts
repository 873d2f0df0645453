import { withoutControls } from './controls.js';
import type { Stage } from './stage.js';

/** Whether somebody is in danger. It comes first: before control codes are read, and before any model. */
export const care: Stage<'care'> = {
  name: 'care',
  phase: 'care',
  run: async ({ start: { messages, asked } }, { care: protocol, steering }) => {
    const said = (asked ?? messages).map(({ text }) => text);
    // A statement may be split over messages, with a code between its halves.
    const plain = said.map((text) => withoutControls(text, steering)).join('\n');
    const answer = await protocol.answer([...said, plain], messages[0].sessionId);
    return [answer, { crisis: answer?.kind ?? null }];
  },
};
