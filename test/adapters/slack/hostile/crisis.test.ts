import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../../adapters/slack/address.js';
import type { User } from '../../../doubles/slack/cloud.js';
import type { Seen } from '../../../doubles/slack/slack.js';
import { SlackSetting } from '../slack-world.js';

const statement = 'I want to kill myself';

describe('somebody in danger on Slack is told where there is help', () => {
  let setting: SlackSetting;
  let ada: User;
  afterEach(() => setting.close());

  const start = async (timeZone = 'Europe/Dublin'): Promise<void> => {
    setting = await SlackSetting.open();
    ada = setting.slack.user('ada');
    ada.timeZone = timeZone;
  };
  const shown = (): readonly Seen[] => setting.slack.replies(setting.slack.dm(ada));
  const told = (words: string): Promise<unknown> =>
    setting.slack.until(() => shown().some(({ text }) => text.includes(words)), words);
  const rapport = async (words: string): Promise<string> => {
    const channel = setting.slack.channel('general', [ada]);
    return String((await setting.slack.command(ada, channel, '/rapport', words).ack).payload.text);
  };

  it('by the time zone they have set, asked for once', async () => {
    await start();
    setting.slack.say(ada, setting.slack.dm(ada), statement);
    await told('116 123');
    expect(shown().some(({ text }) => text.includes('!country'))).toBe(false);
  });

  it('where they say it themselves, by /rapport country', async () => {
    await start('Africa/Kinshasa');
    setting.slack.say(ada, setting.slack.dm(ada), statement);
    await told('!country');
    expect(await rapport('country')).toContain('You have not said');
    expect(await rapport('country Germany')).toContain('TelefonSeelsorge');
    expect(await rapport('country off')).toContain('no longer');
  });

  it('in a form, above the characters who fit', async () => {
    await start();
    await setting.slack.openHome(ada).ack;
    await setting.slack.press(ada, setting.slack.home(ada), 'rapport_match').ack;
    setting.slack.submitView(ada, { worry: statement, facts: '', mbti: '', name: '' });
    await setting.slack.until(() => {
      const top = setting.slack.team.modals.get(ada.id)?.at(-1);
      return top && JSON.stringify(top.view).includes('116 123');
    }, 'a modal with help');
  });

  it('where a message tells of danger only after it was edited', async () => {
    await start();
    const { message } = setting.slack.say(ada, setting.slack.dm(ada), 'I want to');
    await setting.process.settled(slackSession(setting.slack.team.id, setting.slack.dm(ada).id));
    await told('I hear you');
    await setting.slack.editMessage(message, statement).ack;
    await told('116 123');
  });
});
