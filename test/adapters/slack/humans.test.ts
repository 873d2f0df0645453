import { afterEach, expect, it } from 'vitest';
import { say } from '../../session/world.js';
import { SlackProcess, SlackSetting } from './slack-world.js';

let setting: SlackSetting;
let second: SlackProcess | null = null;
afterEach(async () => {
  await second?.stop();
  await setting.close();
});

it.each(['message', 'command'])(
  'by a %s somebody asks for a human being: a channel is told who, and not what they wrote; one takes it',
  async (way) => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const helper = slack.user('helper');
    const team = slack.channel('team', [helper]);
    await setting.process.stop();
    second = await new SlackProcess(slack, setting.store, {
      config: (usual) => ({
        ...usual,
        care: {
          ...usual.care,
          humans: { to: [{ slack: team.id, team: slack.team.id }], note: false, escalateMinutes: 10 },
        },
      }),
    }).start();
    const dm = slack.dm(ada);
    if (way === 'message') slack.say(ada, dm, '!human I am so alone');
    else await slack.command(ada, dm, '/rapport', 'human I am so alone').ack;
    const alert = await slack.until(() => slack.replies(team)[0], 'an alert');
    expect(alert.text).toContain(`<@${ada.id}>`);
    expect(alert.text).not.toContain('alone');
    expect(alert.actions).toEqual(['rapport_take_alert']);
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes(say('care.human.told'))));
    await slack.press(helper, alert, 'rapport_take_alert').ack;
    await slack.until(
      () => JSON.stringify(slack.calls('chat.postMessage')).includes('Taken by'),
      'who took it',
    );
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes(say('care.human.taken'))));
  },
);
