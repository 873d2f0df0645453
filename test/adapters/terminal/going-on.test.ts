import { afterEach, beforeEach, expect, test } from 'vitest';
import { messageId } from '../../../src/ids.js';
import { terminalSetting } from './setting.js';

let terminal: Awaited<ReturnType<typeof terminalSetting>>;
beforeEach(async () => {
  terminal = await terminalSetting();
});
afterEach(() => terminal.close());

test('F.1: whoever comes back sees what they wrote and nobody has answered yet', async () => {
  const { chat, store, person } = terminal;
  await chat.open(chat.character('maren-voss'));
  await chat.say('I cannot sleep.');
  const { conversation } = chat;
  if (!conversation) throw new Error('no conversation');
  await store.inbox.record({
    ...{ kind: 'message', id: messageId('left-behind'), sessionId: conversation.id, personId: person },
    ...{ speakerName: '', text: 'Are you there?', at: 1, shared: false },
    address: { platform: 'terminal', channel: conversation.id },
  });
  terminal.screen();
  await chat.goOn(conversation);
  expect(terminal.screen()).toMatch(
    /^> I cannot sleep\.\n.*\n> Are you there\?\nThis was received; the answer is on its way\.\n$/ms,
  );
});
