import type { Face } from '../../../adapters/terminal/face.js';
import { terminalSetting } from '../terminal/setting.js';
import { adapterContract } from './adapter-contract.js';

adapterContract(async () => {
  const screen = new Map<string, string>();
  const face: Face = {
    aside: () => undefined,
    opened: () => undefined,
    message: (id, { text }) => screen.set(id, text),
    end: () => undefined,
    exchanged: () => undefined,
    answer: () => undefined,
  };
  const { chat, adapter, store, model, sessions, person, close } = await terminalSetting(face);
  await chat.open(chat.character('maren-voss'));
  const session = chat.conversation?.id;
  if (!session) throw new Error('no conversation was opened');
  return {
    ...{ adapter, store, sessions, model, person, session, close },
    platformChars: adapter.capabilities.maxChars,
    write: (text) => chat.say(text),
    shown: () => [...screen.values()],
    pressStop: async () => chat.stop(),
  };
});
