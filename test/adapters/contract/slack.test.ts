import { slackPerson, slackSession } from '../../../adapters/slack/address.js';
import { SlackSetting } from '../slack/slack-world.js';
import { adapterContract } from './adapter-contract.js';

adapterContract(async () => {
  const setting = await SlackSetting.open();
  const { slack, process } = setting;
  const ada = slack.user('ada');
  const dm = slack.dm(ada);
  return {
    adapter: process.adapter,
    store: setting.store,
    sessions: process.sessions,
    model: process.model,
    person: slackPerson(slack.team.id, ada.id),
    session: slackSession(slack.team.id, dm.id),
    platformChars: 12_000,
    write: async (text) => Promise.all(slack.say(ada, dm, text).deliveries.map(({ ack }) => ack)),
    writeTwice: async (text) => {
      const { deliveries } = slack.say(ada, dm, text);
      await Promise.all(deliveries.map(({ ack }) => ack));
      await Promise.all(deliveries.map((delivery) => slack.redeliver(delivery)));
    },
    shown: () => slack.replies(dm).map(({ text }) => text),
    pressStop: async () => {
      const growing = await slack.until(() =>
        slack.replies(dm).find(({ actions }) => actions.includes('rapport_stop')),
      );
      await slack.press(ada, growing, 'rapport_stop').ack;
    },
    faults: {
      refuseForGood: () => slack.faults.refuse('chat.postMessage', 'is_archived'),
      refuseForNow: () => slack.faults.rateLimit('chat.postMessage', 60),
      loseAnswer: () => slack.faults.drop('chat.postMessage'),
    },
    close: () => setting.close(),
  };
});
