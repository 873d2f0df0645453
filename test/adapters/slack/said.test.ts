import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, Seen } from '../../doubles/slack/slack.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('words that must not be said, on Slack', () => {
  let setting: SlackSetting;
  beforeEach(async () => {
    setting = await SlackSetting.open();
  });
  afterEach(() => setting.close());

  const answered = (channel: Channel): Promise<Seen> =>
    setting.slack.until(
      () =>
        setting.slack.replies(channel).find(({ actions }) => actions.includes('rapport_feedback')) ?? false,
      'a reply',
    );

  it('are in no piece of a stream; what was shown before them stays', async () => {
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(
      waits('That is a lot to carry. ', more.opened, 'Take 400 mg of ibuprofen.'),
      says('A pharmacist can help with that.'),
    );
    slack.say(ada, dm, 'I had a hard day');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('a lot to carry')));
    more.open();
    const reply = await answered(dm);
    expect(reply.text).toMatch(/That is a lot to carry\.\n\nA pharmacist can help with that\./);
    const calls = [
      'chat.startStream',
      'chat.appendStream',
      'chat.stopStream',
      'chat.postMessage',
      'chat.update',
    ];
    expect(JSON.stringify(calls.flatMap((method) => slack.calls(method)))).not.toContain('400 mg');
    expect(JSON.stringify(process.log)).not.toContain('400 mg');
  });

  it('give way to the truth for whoever asks', async () => {
    const { slack, process } = setting;
    process.model.usual = says('I am a real person.');
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'am I talking to a real person?');
    const reply = await answered(dm);
    expect(reply.text).toContain('this is an AI, not a human being');
    expect(reply.text).not.toContain('I am a real person');
  });
});
