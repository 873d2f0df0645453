import { promptText } from '../test/doubles/model-server/plan.js';
import { type ModelServer, startModelServer } from '../test/doubles/model-server.js';
import { serveCalls } from './crowd/calls.js';
import { numberIn, type ReplyPace, replyTo } from './crowd/numbered-reply.js';

/** A model server in a process of its own that answers every person by their number. */
export type NumberedReplies = {
  start: { given: ReplyPace; answer: { readonly url: string } };
  stop: { given: null; answer: null };
};

let server: ModelServer | null = null;

serveCalls<NumberedReplies>({
  start: async (pace) => {
    server = await startModelServer({
      record: false,
      behaviour: ({ body }) => {
        const number = numberIn(promptText(body ?? {}));
        return number === null
          ? { reply: 'I am here.' }
          : { reply: replyTo(number, pace), ttftMs: pace.ttftMs, tokenMs: pace.tokenMs };
      },
    });
    return { url: server.url };
  },
  stop: async () => {
    await server?.stop();
    server = null;
    return null;
  },
});
