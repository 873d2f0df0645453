import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../../adapters/slack/address.js';
import { addMemory } from '../../../../src/commands/memory.js';
import type { Team } from '../../../doubles/slack/cloud.js';
import type { Channel, SlackDouble } from '../../../doubles/slack/slack.js';
import { ShiftedClock, SlackProcess, SlackSetting, type SlackWorldOptions } from '../slack-world.js';

const key = Buffer.alloc(32, 7).toString('base64');
const hourMs = 3_600_000;

describe('installations under attack', () => {
  let setting: SlackSetting;
  const clock = new ShiftedClock();
  afterEach(async () => {
    clock.shiftMs = 0;
    await setting.close();
  });

  const options = (slack: SlackDouble, encryptionKey = key): SlackWorldOptions => ({
    slack: { mode: 'http', publicUrl: 'https://rapport.example.com' },
    clock,
    secrets: {
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_CLIENT_ID: slack.cloud.app.clientId,
      SLACK_CLIENT_SECRET: slack.cloud.app.clientSecret,
      SLACK_STATE_SECRET: 'a long random text for the tests',
      SLACK_ENCRYPTION_KEY: encryptionKey,
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
  const page = (path: string, cookie = ''): Promise<Response> =>
    fetch(`http://127.0.0.1:${setting.process.adapter.port}${path}`, {
      headers: { cookie },
      redirect: 'manual',
    });
  const begin = async (): Promise<{ readonly cookie: string; readonly state: string }> => {
    const invitation = await page('/slack/install');
    const cookie = (invitation.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const link = new URL(
      (/href="([^"]+)"/.exec(await invitation.text())?.[1] ?? '').replaceAll('&amp;', '&'),
    );
    return { cookie, state: encodeURIComponent(link.searchParams.get('state') ?? '') };
  };
  const install = async (team: Team, orgWide = false): Promise<Response> => {
    const { cookie, state } = await begin();
    return page(`/slack/oauth_redirect?code=${setting.slack.consent(team, orgWide)}&state=${state}`, cookie);
  };
  const talk = async (team: Team, name = `ada-${team.name}`): Promise<Channel> => {
    const { slack } = setting;
    const ada = slack.user(name, team);
    const dm = slack.dm(ada);
    const before = finished(dm);
    slack.say(ada, dm, 'hello', { signing: { skewMs: clock.shiftMs } });
    await slack.until(() => finished(dm) > before, 'a reply');
    return dm;
  };
  const finished = (dm: Channel): number =>
    setting.slack.replies(dm).filter(({ actions }) => actions.includes('rapport_feedback')).length;

  it('a consent is good once, and a state with its own cookie only', async () => {
    const { slack } = await start();
    const team = slack.workspace('east', { installed: false });
    const { cookie, state } = await begin();
    const code = slack.consent(team);
    const url = `/slack/oauth_redirect?code=${code}&state=${state}`;
    expect((await page(url, 'slack-app-oauth-state=forged')).status).toBe(400);
    expect((await page(`/slack/oauth_redirect?code=${code}&state=forged`, cookie)).status).toBe(400);
    expect((await page(url, cookie)).status).toBe(200);
    expect((await page(url, cookie)).status).toBe(400);
  });

  it('two processes renew a token once', async () => {
    const { slack, store } = await start();
    slack.cloud.app.tokenRotation = true;
    const team = slack.workspace('east', { installed: false });
    await install(team);
    clock.shiftMs = 11 * hourMs;
    slack.events.echo = false;
    const other = await new SlackProcess(slack, store, options(slack)).start();
    try {
      await talk(team, 'ben');
      listen(other);
      await talk(team, 'cy');
      listen(setting.process);
      await talk(team, 'dee');
      const renewals = slack
        .calls('oauth.v2.access')
        .filter(({ args }) => args.grant_type === 'refresh_token');
      expect(renewals).toHaveLength(1);
    } finally {
      await other.stop();
    }
  });

  it('another key is told of with its cure, and nothing is lost of what was stored', async () => {
    const { slack, store, process } = await start();
    const team = slack.workspace('east', { installed: false });
    await install(team);
    await process.stop();
    const wrong = await new SlackProcess(
      slack,
      store,
      options(slack, Buffer.alloc(32, 9).toString('base64')),
    ).start();
    listen(wrong);
    const ada = slack.user('ada', team);
    await slack.say(ada, slack.dm(ada), 'hello').deliveries[0]?.ack;
    await wrong.stop();
    expect(wrong.log.find(({ fields }) => fields.code === 'RAPPORT_E_SLACK_KEY')?.fields.cure).toBeTruthy();
    const right = await new SlackProcess(slack, store, options(slack)).start();
    listen(right);
    await talk(team, 'ben');
    await right.stop();
  });

  it('a workspace whose own installation gives way to its organisation’s keeps its data', async () => {
    const { slack, store, process } = await start();
    const east = slack.workspace('east', { enterprise: 'E1', installed: false });
    await install(east);
    const dm = await talk(east);
    const person = slackPerson(east.id, slack.user('ada-east', east).id);
    await addMemory(process.services, person, 'My sister is called Noa');
    await install(east, true);
    const left = slack.events.event(east, { type: 'app_uninstalled' });
    await left.ack;
    await talk(east);
    await process.stop();
    clock.shiftMs = 25 * hourMs;
    const late = await new SlackProcess(slack, store, options(slack)).start();
    await late.stop();
    expect(await store.sessions.get(slackSession(east.id, dm.id))).not.toBeNull();
    expect(await store.people.memories(person)).toHaveLength(1);
  });

  it('an organisation’s events may name it where a workspace is meant', async () => {
    const { slack, store } = await start();
    const east = slack.workspace('east', { enterprise: 'E1', installed: false });
    await install(east, true);
    const ada = slack.user('ada', east);
    const dm = slack.dm(ada);
    const message = slack.cloud.addMessage(dm, { user: ada.id, text: 'hello' });
    await slack.events.send('events_api', {
      type: 'event_callback',
      team_id: east.id,
      enterprise_id: 'E1',
      context_team_id: 'E1',
      api_app_id: slack.cloud.app.id,
      event: slack.events.messageEvent(message),
      event_id: slack.cloud.id('Ev'),
      authorizations: [
        {
          enterprise_id: 'E1',
          team_id: 'E1',
          user_id: east.botUser,
          is_bot: true,
          is_enterprise_install: true,
        },
      ],
    }).ack;
    await slack.until(() => finished(dm) > 0, 'a reply');
    expect(await store.sessions.get(slackSession(east.id, dm.id))).not.toBeNull();
  });

  it('garbage, though signed, ends no process', async () => {
    const { slack, process } = await start();
    const bodies = [
      '',
      'null',
      '[]',
      '"text"',
      '{',
      '{"type":"event_callback"}',
      '{"type":"event_callback","event":null}',
      'payload=%7B',
      'payload=null',
      'ssl_check=1',
      '{"event":{"type":7}}',
    ];
    const requests = [false, true].flatMap((form) => bodies.map((body) => slack.http.sign(body, form)));
    const answers = requests.map(async (request) => {
      const { headers, body } = request;
      const signal = AbortSignal.timeout(8_000);
      return (await fetch(request.url, { method: 'POST', headers, body, signal })).status;
    });
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(statuses.length);
    const team = slack.workspace('east', { installed: false });
    await install(team);
    await talk(team);
    expect(process.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
