import { type SlackDouble, startSlack } from '../test/doubles/slack/slack.js';
import { serveCalls } from './crowd/calls.js';
import { SlackPeople, type SlackTalk, type SlackTalks, type SlackTraffic } from './crowd/slack-people.js';

/** Slack and the people in one workspace of it, in a process of their own. */
export type SlackCrowd = {
  start: {
    /** Whether Slack counts calls and answers 429. */
    given: { readonly rates: boolean };
    answer: { readonly apiUrl: string; readonly botToken: string; readonly appToken: string };
  };
  gather: { given: number; answer: null };
  ping: { given: null; answer: null };
  talk: { given: SlackTalks; answer: null };
  report: {
    given: SlackTalks;
    answer: { readonly talks: readonly SlackTalk[]; readonly traffic: SlackTraffic };
  };
};

let world: { readonly slack: SlackDouble; readonly people: SlackPeople } | null = null;

function started(): NonNullable<typeof world> {
  if (!world) throw new Error('Slack was not started');
  return world;
}

serveCalls<SlackCrowd>({
  start: async ({ rates }) => {
    const slack = await startSlack({ rates });
    world = { slack, people: new SlackPeople(slack) };
    const { apiUrl, botToken, appToken } = slack;
    return { apiUrl, botToken, appToken };
  },
  gather: (conversations) => {
    started().people.gather(conversations);
    return null;
  },
  ping: async () => {
    await started().people.ping();
    return null;
  },
  talk: async (options) => {
    await started().people.talk(options);
    return null;
  },
  report: (options) => ({
    talks: started().people.talks(options),
    traffic: started().people.traffic(),
  }),
});
