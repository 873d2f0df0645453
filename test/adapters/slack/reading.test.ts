import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../adapters/slack/address.js';
import { plainText } from '../../../adapters/slack/intake/plain-text.js';
import { fileJson } from '../../doubles/slack/methods/files.js';
import type { Channel, Message, Seen } from '../../doubles/slack/slack.js';
import { waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('what a message on Slack says (issue 14, B.5)', () => {
  let setting: SlackSetting | undefined;
  afterEach(() => setting?.close());

  const open = async (): Promise<SlackSetting> => {
    setting = await SlackSetting.open();
    return setting;
  };
  const answered = ({ slack }: SlackSetting, channel: Channel, thread?: Message): Promise<Seen[]> =>
    slack.until(() => {
      const replies = slack
        .replies(channel, thread ? { thread } : {})
        .filter(({ actions }) => actions.includes('rapport_feedback'));
      return replies.length > 0 && replies;
    }, 'a reply');

  it('B.5: emoji codes, with tones of skin; own emoji and times stay', () => {
    const read = (text: string): string => plainText(text, 'U1', () => undefined);
    expect(read('so sad :cry: :wave::skin-tone-4: :+1: :flag-de::heart:')).toBe('so sad 😢 👋🏽 👍 🇩🇪❤️');
    expect(read(':partyparrot: at 10:30:45 and :100:')).toBe(':partyparrot: at 10:30:45 and 💯');
  });

  it('B.5: channels, groups and people without a label are called what they are, never by an id', () => {
    const read = (text: string): string => plainText(text, 'U1', () => undefined);
    expect(read('<#C0123|> <#C0123> <!subteam^S0123|> <!subteam^S0123> <@U0999|>')).toBe(
      '#channel #channel @group @group @someone',
    );
    expect(read('<#C1|random> <!subteam^S1|@nurses> <!here> <!channel|@channel>')).toBe(
      '#random @nurses @here @channel',
    );
  });

  it.each(['in a channel', 'directly'])(
    'B.5: an empty call %s is greeted by a character, who says what it is',
    async (where) => {
      const it = await open();
      const { slack, process } = it;
      const ada = slack.user('ada');
      const place = where === 'directly' ? slack.dm(ada) : slack.channel('general', [ada]);
      const { message } = slack.say(ada, place, '', { mention: where !== 'directly' });
      const [reply] = await answered(it, place, message);
      expect(reply?.text).toContain('is an AI character');
      expect(reply?.text).not.toContain('!topic');
      expect(process.model.requests).toHaveLength(1);
    },
  );

  it('B.5: every forwarded message is read, and the files in them', async () => {
    const it = await open();
    const { slack, process } = it;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const file = slack.file(slack.team, 'plan.txt', 'First the boat, then the tent.');
    const shared = (text: string, author_name: string, more = {}) => ({
      is_share: true,
      text,
      author_name,
      ...more,
    });
    slack.say(ada, dm, 'what do you say?', {
      extra: {
        attachments: [
          shared('We leave on Friday', 'Ben'),
          shared('I cannot come', 'Cleo'),
          shared('', 'Dora', {
            files: [fileJson(slack.cloud.origin, file)],
          }),
        ],
      },
    });
    await answered(it, dm);
    expect(process.model.prompt).toContain('> Ben: We leave on Friday');
    expect(process.model.prompt).toContain('> Cleo: I cannot come');
    expect(process.model.prompt).toContain('First the boat, then the tent.');
  });

  it('B.5: a program’s message whose text is only in attachments is read', async () => {
    const it = await open();
    const { slack, process } = it;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, '', {
      extra: {
        text: '',
        attachments: [
          { fallback: 'x', pretext: 'Weather', title: 'Storm', fields: [{ title: 'Wind', value: 'strong' }] },
          { from_url: 'https://x.org', text: 'a preview' },
        ],
      },
    });
    await answered(it, dm);
    expect(process.model.prompt).toContain('Weather\nStorm\nWind: strong');
    expect(process.model.prompt).not.toContain('a preview');
  });

  it('B.5: a message that is deleted while it is thought about leaves nothing behind', async () => {
    const it = await open();
    const { slack, process, store } = it;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const id = slackSession(slack.team.id, dm.id);
    process.model.next(waits('', gate().opened, 'never'));
    const { message } = slack.say(ada, dm, 'I hate everybody');
    await process.model.asked(1);
    await slack.deleteMessage(message).ack;
    await process.settled(id);
    expect(slack.replies(dm)).toEqual([]);
    const { entries } = await store.transcript.page(id, { limit: 10 });
    expect(entries.filter(({ role }) => role !== 'notice')).toEqual([]);
  });
});
