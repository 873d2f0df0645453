import { afterEach, describe, expect, it } from 'vitest';
import { saveSettings } from '../../../../src/commands/settings.js';
import type { Delivery } from '../../../doubles/slack/slack.js';
import { SlackSetting } from '../slack-world.js';

/** Far below the three seconds that Slack waits, ms. */
const soonMs = 1_500;

describe('Slack is not kept waiting', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const soon = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const { ack } of deliveries) expect((await ack).latencyMs).toBeLessThan(soonMs);
  };

  it('for the Home tab and the suggestions, which are shown when they are ready', async () => {
    setting = await SlackSetting.open({ slack: { callTimeoutMs: 2_500 } });
    const { slack } = setting;
    const ada = slack.user('ada');
    slack.faults.delay('views.publish', 2_000);
    slack.faults.delay('assistant.threads.setSuggestedPrompts', 2_000);
    await soon([slack.openHome(ada), slack.openHome(ada, 'messages')]);
    await slack.until(() => slack.team.homes.has(ada.id));
  });

  it('for what is said beside a conversation', async () => {
    setting = await SlackSetting.open({ slack: { callTimeoutMs: 2_500 } });
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const [open, closed] = [slack.channel('open', [ada]), slack.channel('closed', [ada])];
    await saveSettings(process.services, `slack:${slack.team.id}`, { allowedChannels: [open.id] });
    slack.faults.delay('chat.postEphemeral', 2_000);
    await soon(slack.say(ada, closed, 'hello', { mention: true }).deliveries);
    slack.faults.delay('chat.postMessage', 2_000);
    const picture = slack.file(slack.team, 'cat.png', Buffer.from([1, 2, 3]), 'image/png');
    await soon(slack.say(ada, slack.dm(ada), '', { files: [picture] }).deliveries);
  });

  it('and somebody whose shortcut failed late is told once', async () => {
    setting = await SlackSetting.open({ slack: { callTimeoutMs: 2_000 } });
    const { slack } = setting;
    const ada = slack.user('ada');
    slack.faults.hang('views.open');
    await slack.shortcut(ada, 'rapport_find').ack;
    const told = () => slack.replies(slack.dm(ada)).filter(({ text }) => text.includes('went wrong'));
    await slack.until(() => told().length > 0);
    await setting.process.stop();
    expect(told()).toHaveLength(1);
  });
});
