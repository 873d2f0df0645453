import { type SlackDouble, startSlack } from '../test/doubles/slack/slack.js';
import { serveCalls } from './crowd/calls.js';
import { SlackPeople, type SlackTalk, type SlackTalks, type SlackTraffic } from './crowd/slack-people.js';

/** A workspace that has the app. */
export interface SlackWorkspace {
  readonly id: string;
  readonly name: string;
  readonly botUser: string;
  readonly botId: string;
  readonly token: string;
}

/** Slack and its people, in a process of their own. */
export type SlackCrowd = {
  start: {
    given: { readonly workspaces: number };
    answer: {
      readonly apiUrl: string;
      readonly appId: string;
      readonly appToken: string;
      readonly workspaces: readonly [SlackWorkspace, ...SlackWorkspace[]];
    };
  };
  gather: { given: number; answer: null };
  ping: { given: null; answer: null };
  talk: { given: SlackTalks; answer: null };
  report: {
    given: SlackTalks;
    answer: { readonly talks: readonly SlackTalk[]; readonly traffic: SlackTraffic };
  };
};

let people: SlackPeople | null = null;

function started(): SlackPeople {
  if (!people) throw new Error('Slack was not started');
  return people;
}

function workspaceOf(slack: SlackDouble, index: number): SlackWorkspace {
  const team = index === 0 ? slack.team : slack.workspace(`workspace-${index}`);
  const token = index === 0 ? slack.botToken : slack.install(team);
  const { id, name, botUser, botId } = team;
  return { id, name, botUser, botId, token };
}

serveCalls<SlackCrowd>({
  start: async ({ workspaces: count }) => {
    const slack = await startSlack();
    const first = workspaceOf(slack, 0);
    const others = Array.from({ length: count - 1 }, (_, index) => workspaceOf(slack, index + 1));
    people = new SlackPeople(slack, [...slack.cloud.teams.values()]);
    const { apiUrl, appToken, cloud } = slack;
    return { apiUrl, appToken, appId: cloud.app.id, workspaces: [first, ...others] };
  },
  gather: (conversations) => {
    started().gather(conversations);
    return null;
  },
  ping: async () => {
    await started().ping();
    return null;
  },
  talk: async (options) => {
    await started().talk(options);
    return null;
  },
  report: (options) => ({ talks: started().talks(options), traffic: started().traffic() }),
});
