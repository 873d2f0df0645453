import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../adapters/slack/address.js';
import { addMemory } from '../../../src/commands/memory.js';
import { savePersona } from '../../../src/commands/persona.js';
import { readSettings, saveSettings } from '../../../src/commands/settings.js';
import type { Team } from '../../doubles/slack/cloud.js';
import type { Channel, SlackDouble } from '../../doubles/slack/slack.js';
import { ShiftedClock, SlackProcess, SlackSetting, type SlackWorldOptions } from './slack-world.js';

const key = Buffer.alloc(32, 7).toString('base64');
const hourMs = 3_600_000;

describe('installations of many workspaces', () => {
  let setting: SlackSetting;
  const clock = new ShiftedClock();
  afterEach(async () => {
    clock.shiftMs = 0;
    await setting.close();
  });

  const options = (slack: SlackDouble): SlackWorldOptions => ({
    slack: { mode: 'http', publicUrl: 'https://rapport.example.com' },
    clock,
    secrets: {
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_CLIENT_ID: slack.cloud.app.clientId,
      SLACK_CLIENT_SECRET: slack.cloud.app.clientSecret,
      SLACK_STATE_SECRET: 'a long random text for the tests',
      SLACK_ENCRYPTION_KEY: key,
    },
  });
  const start = async (): Promise<SlackSetting> => {
    setting = await SlackSetting.open({ clock, prepare: options });
    listen(setting.process);
    return setting;
  };
  const listen = (process: SlackProcess): void => {
    setting.slack.http.url = `http://127.0.0.1:${process.adapter.port}/slack/events`;
  };
  const page = (path: string, cookie = '', process = setting.process): Promise<Response> =>
    fetch(`http://127.0.0.1:${process.adapter.port}${path}`, { headers: { cookie }, redirect: 'manual' });

  /** Goes through the installation as a browser does. */
  const install = async (team: Team, orgWide = false): Promise<Response> => {
    const invitation = await page('/slack/install');
    const cookie = (invitation.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const html = await invitation.text();
    const link = new URL((/href="([^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&'));
    const code = setting.slack.consent(team, orgWide);
    const state = encodeURIComponent(link.searchParams.get('state') ?? '');
    return page(`/slack/oauth_redirect?code=${code}&state=${state}`, cookie);
  };
  const answered = (channel: Channel, count = 1): Promise<unknown> =>
    setting.slack.until(
      () =>
        setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback')).length >=
        count,
    );
  const talk = async (team: Team): Promise<Channel> => {
    const ada = setting.slack.user(`ada-${team.name}`, team);
    const dm = setting.slack.dm(ada);
    setting.slack.say(ada, dm, 'hello', { signing: { skewMs: clock.shiftMs } });
    await answered(dm);
    return dm;
  };

  it('installs by OAuth, keeps tokens encrypted, and serves each workspace with its own', async () => {
    const { slack, store } = await start();
    const [east, west] = [
      slack.workspace('east', { installed: false }),
      slack.workspace('west', { installed: false }),
    ];
    const done = await install(east);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('Rapport is in east');
    await install(west);
    await talk(east);
    await talk(west);
    const sealed = await store.values.get(`slack:installation:${east.id}`);
    expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\./);
    expect(sealed).not.toContain('xoxb');
    const tokens = new Set(slack.calls('chat.postMessage').map(({ token }) => token));
    expect(tokens.size).toBe(2);
    const invitation = await (await page('/slack/install')).text();
    expect(invitation).toContain('Add Rapport to Slack');
    expect(invitation).toContain('im%3Ahistory');
  });

  it('refuses an installation whose state is not this browser’s, and one without consent', async () => {
    const { slack, process } = await start();
    const team = slack.workspace('east', { installed: false });
    const first = await page('/slack/install');
    const link = new URL((/href="([^"]+)"/.exec(await first.text())?.[1] ?? '').replaceAll('&amp;', '&'));
    const state = encodeURIComponent(link.searchParams.get('state') ?? '');
    const stolen = await page(`/slack/oauth_redirect?code=${slack.consent(team)}&state=${state}`);
    expect(stolen.status).toBe(400);
    expect(await stolen.text()).toContain('did not work');
    expect((await page('/slack/oauth_redirect?error=access_denied')).status).toBe(400);
    expect(await process.services.store.values.get(`slack:installation:${team.id}`)).toBeNull();
  });

  it('leaves events of a workspace alone that has not installed the app, and acknowledges them', async () => {
    const { slack, process } = await start();
    const team = slack.workspace('stranger', { installed: true });
    slack.install(team);
    const ada = slack.user('ada', team);
    const ack = await slack.say(ada, slack.dm(ada), 'hello').deliveries[0]?.ack;
    expect(ack?.status).toBe(200);
    expect(process.model.requests).toHaveLength(0);
    expect(process.log.some(({ fields }) => fields.code === 'RAPPORT_E_SLACK_NOT_INSTALLED')).toBe(true);
  });

  it('renews rotating tokens before they end: once, although many calls need it', async () => {
    const { slack, process } = await start();
    slack.cloud.app.tokenRotation = true;
    const team = slack.workspace('east', { installed: false });
    await install(team);
    await talk(team);
    clock.shiftMs = 11 * hourMs;
    // What the app hears of itself is not signed with the moved clock.
    slack.events.echo = false;
    const people = ['ben', 'cy', 'dee'].map((name) => slack.user(name, team));
    for (const person of people)
      slack.say(person, slack.dm(person), 'hello', { signing: { skewMs: clock.shiftMs } });
    await Promise.all(people.map((person) => answered(slack.dm(person))));
    const renewals = slack.calls('oauth.v2.access').filter(({ args }) => args.grant_type === 'refresh_token');
    expect(renewals).toHaveLength(1);
    expect(process.log.filter(({ message }) => message.includes('token'))).toEqual([]);
  });

  it('uses a token on that could not be renewed while it still works', async () => {
    const { slack, process } = await start();
    slack.cloud.app.tokenRotation = true;
    const team = slack.workspace('east', { installed: false });
    await install(team);
    clock.shiftMs = 10.5 * hourMs;
    slack.faults.refuse('oauth.v2.access', 'internal_error', 1);
    await talk(team);
    expect(process.log.some(({ message }) => message.includes('could not be renewed'))).toBe(true);
  });

  it('serves all workspaces of an organisation with one installation', async () => {
    const { slack } = await start();
    const east = slack.workspace('east', { enterprise: 'E1', installed: false });
    const west = slack.workspace('west', { enterprise: 'E1', installed: false });
    await install(east, true);
    west.installed = true;
    await talk(east);
    await talk(west);
    expect(slack.calls('chat.postMessage').at(-1)?.args.team_id).toBe(west.id);
  });

  it('erases a workspace that removed the app after the stated delay, also over a restart, and nothing of others', async () => {
    const { slack, store, process } = await start();
    const [east, west] = [
      slack.workspace('east', { installed: false }),
      slack.workspace('west', { installed: false }),
    ];
    await install(east);
    await install(west);
    const dm = await talk(east);
    const other = await talk(west);
    const session = slackSession(east.id, dm.id);
    const person = (await store.sessions.get(session))?.ownerId ?? slackPerson(east.id, '');
    await savePersona(process.services, person, { facts: ['I work nights'] });
    await addMemory(process.services, person, 'My sister is called Noa');
    await saveSettings(process.services, `slack:${east.id}`, { dailyReplies: 3 });
    await Promise.all(slack.uninstall(east).map(({ ack }) => ack));
    expect(await store.values.get(`slack:installation:${east.id}`)).toBeNull();
    expect(await store.sessions.get(session)).not.toBeNull();
    await process.stop();
    clock.shiftMs = 23 * hourMs;
    const early = await new SlackProcess(slack, store, options(slack)).start();
    await early.stop();
    expect(await store.people.memories(person)).toHaveLength(1);
    clock.shiftMs = 25 * hourMs;
    const late = await new SlackProcess(slack, store, options(slack)).start();
    await late.stop();
    expect(await store.people.list(`slack:${east.id}:`, 10)).toEqual([]);
    expect(await store.sessions.get(session)).toBeNull();
    expect((await readSettings(process.services, `slack:${east.id}`)).dailyReplies).toBe(0);
    expect(await store.sessions.get(slackSession(west.id, other.id))).not.toBeNull();
    expect(await store.values.get('slack:erasures')).toBe('{}');
  });

  it('keeps the data of a workspace that installs the app again in time', async () => {
    const { slack, store, process } = await start();
    const team = slack.workspace('east', { installed: false });
    await install(team);
    const dm = await talk(team);
    await Promise.all(slack.uninstall(team).map(({ ack }) => ack));
    await install(team);
    await process.stop();
    clock.shiftMs = 48 * hourMs;
    const late = await new SlackProcess(slack, store, options(slack)).start();
    await late.stop();
    expect(await store.sessions.get(slackSession(team.id, dm.id))).not.toBeNull();
  });

  it('erases every workspace of an organisation that removed the app', async () => {
    const { slack, store, process } = await start();
    const east = slack.workspace('east', { enterprise: 'E1', installed: false });
    await install(east, true);
    const dm = await talk(east);
    const uninstalled = slack.events.send('events_api', {
      type: 'event_callback',
      team_id: null,
      enterprise_id: 'E1',
      api_app_id: slack.cloud.app.id,
      event: { type: 'app_uninstalled' },
      event_id: slack.cloud.id('Ev'),
      authorizations: [{ enterprise_id: 'E1', team_id: null, is_enterprise_install: true }],
    });
    await uninstalled.ack;
    await process.stop();
    clock.shiftMs = 25 * hourMs;
    const late = await new SlackProcess(slack, store, options(slack)).start();
    await late.stop();
    expect(await store.sessions.get(slackSession(east.id, dm.id))).toBeNull();
  });
});
