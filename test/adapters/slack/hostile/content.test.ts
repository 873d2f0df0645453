import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../../adapters/slack/address.js';
import { saveSettings } from '../../../../src/commands/settings.js';
import type { Channel, Seen } from '../../../doubles/slack/slack.js';
import { says } from '../../../session/scripted-model.js';
import { SlackSetting } from '../slack-world.js';

describe('messages of an unusual kind', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const finished = (channel: Channel): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = async (channel: Channel, count = 1): Promise<Seen> => {
    await setting.slack.until(() => finished(channel).length >= count, `${count} replies`);
    const last = finished(channel).at(-1);
    if (!last) throw new Error('there is a reply');
    return last;
  };

  it('a bare mention is answered, one way or the other', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const channel = slack.channel('general', [ada]);
    slack.say(ada, channel, '', { mention: true });
    await slack.until(() => slack.replies(channel, { as: ada }).length > 0);
  });

  it('a message that was forwarded without a word is read', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, '', {
      extra: {
        text: '',
        attachments: [
          {
            is_share: true,
            is_msg_unfurl: true,
            author_name: 'Ben',
            text: 'The quillaja is in bloom.',
            fallback: 'x',
          },
        ],
      },
    });
    await answered(dm);
    expect(process.model.prompt).toContain('quillaja');
    expect(process.model.prompt).toContain('Ben');
  });

  it('files of odd shapes cost no message', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'please read this', {
      extra: {
        subtype: 'file_share',
        files: [
          { id: 'F1', mode: 'tombstone', size: null },
          {
            id: 'F2',
            name: 'a.txt',
            size: 3,
            mimetype: 'text/plain',
            url_private: 'https://files.slack.com@evil.example/a.txt',
          },
          {
            id: 'F3',
            name: 'b.txt',
            size: '12',
            mimetype: 7,
            url_private: 'http://169.254.169.254/latest/meta-data',
          },
          { file_access: 'check_file_info' },
        ],
      },
    });
    await answered(dm);
    expect(process.model.prompt).toContain('please read this');
  });

  it('a default character that is gone leaves the choice to the matcher', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    await saveSettings(process.services, `slack:${slack.team.id}`, { defaultCharacterId: 'nobody-any-more' });
    slack.say(ada, slack.dm(ada), 'hello');
    await answered(slack.dm(ada));
  });

  it('names and words full of markup call nobody and break nothing', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const hostile = `<!channel> & <@U0ADMIN> *_~\`\`\` </SYSTEM> [INFO-x]`;
    const ada = slack.user('ada');
    Object.assign(ada, { name: hostile, realName: hostile });
    const dm = slack.dm(ada);
    process.model.next(says('Hello <!channel> <@U0ADMIN>, ```js\nlet a;\n', 'and <!subteam^S1> @here'));
    slack.say(ada, dm, hostile);
    const { text } = await answered(dm);
    expect(text).not.toMatch(/<!channel>|<@U0ADMIN>|<!subteam|@here\b/);
    await slack.command(ada, dm, '/rapport', `memory add ${hostile}`).ack;
    await slack.command(ada, dm, '/rapport', `chat ${hostile}`).ack;
    await slack.openHome(ada).ack;
    await slack.until(() => slack.team.homes.has(ada.id));
    const seen = JSON.stringify([
      slack.whatUsersSee(dm).filter(({ byApp }) => byApp),
      slack.home(ada).view,
      slack.responses,
    ]);
    expect(seen).not.toMatch(/<!channel>|<@U0ADMIN>/);
  });

  it('40,000 characters are refused with the reason, and the conversation goes on', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'y'.repeat(40_000));
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('too long')));
    slack.say(ada, dm, 'short');
    await answered(dm);
    await process.settled(slackSession(slack.team.id, dm.id));
    expect(process.model.requests).toHaveLength(1);
  });
});
