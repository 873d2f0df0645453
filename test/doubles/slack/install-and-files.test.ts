import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fake-clock.js';
import { type SlackDouble, startSlack } from './slack.js';

let slack: SlackDouble;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  slack = await startSlack({ clock });
});

afterEach(() => slack.close());

function clientWith(token?: string): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
}

const credentials = (): { client_id: string; client_secret: string } => ({
  client_id: slack.cloud.app.clientId,
  client_secret: slack.cloud.app.clientSecret,
});

describe('an installation', () => {
  it('is a code that is exchanged for a token, once', async () => {
    const team = slack.workspace('globex', { installed: false });
    const code = slack.consent(team);
    const granted = await clientWith().oauth.v2.access({ ...credentials(), code });
    expect(granted).toMatchObject({ team: { id: team.id }, token_type: 'bot', is_enterprise_install: false });
    expect(await clientWith(granted.access_token).auth.test()).toMatchObject({ team_id: team.id });
    await expect(clientWith().oauth.v2.access({ ...credentials(), code })).rejects.toThrow('invalid_code');
    const secret = { client_id: slack.cloud.app.clientId, client_secret: 'guessed' };
    await expect(clientWith().oauth.v2.access({ ...secret, code })).rejects.toThrow('bad_client_secret');
  });

  it('goes over the consent page to the address the app gave', async () => {
    const url = new URL('/oauth/v2/authorize', slack.apiUrl);
    url.searchParams.set('client_id', slack.cloud.app.clientId);
    url.searchParams.set('state', 'signed state');
    url.searchParams.set('redirect_uri', 'https://rapport.test/slack/oauth_redirect');
    const response = await fetch(url, { redirect: 'manual' });
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe('signed state');
    const code = target.searchParams.get('code') ?? '';
    const granted = await clientWith().oauth.v2.access({ ...credentials(), code });
    expect(granted.team?.id).toBe(slack.team.id);
  });

  it('has tokens that expire and are renewed where the app rotates them', async () => {
    slack.cloud.app.tokenRotation = true;
    const code = slack.consent(slack.team);
    const first = await clientWith().oauth.v2.access({ ...credentials(), code });
    expect(first).toMatchObject({ expires_in: 43_200 });
    await clock.advance(43_200_000);
    await expect(clientWith(first.access_token).auth.test()).rejects.toThrow('token_expired');
    const renew = (refresh_token: string): ReturnType<WebClient['oauth']['v2']['access']> =>
      clientWith().oauth.v2.access({ ...credentials(), grant_type: 'refresh_token', refresh_token });
    const second = await renew(first.refresh_token ?? '');
    expect(await clientWith(second.access_token).auth.test()).toMatchObject({ ok: true });
    await expect(renew(first.refresh_token ?? '')).rejects.toThrow('invalid_refresh_token');
  });

  it('of an organisation works in its workspaces', async () => {
    const east = slack.workspace('east', { enterprise: 'E1' });
    const west = slack.workspace('west', { enterprise: 'E1' });
    const granted = await clientWith().oauth.v2.access({ ...credentials(), code: slack.consent(east, true) });
    expect(granted).toMatchObject({ team: null, enterprise: { id: 'E1' }, is_enterprise_install: true });
    const client = clientWith(granted.access_token);
    const bob = slack.user('bob', west);
    await client.chat.postMessage({
      channel: slack.dm(bob).id,
      text: 'hello west',
      team_id: west.id,
    } as never);
    expect(slack.replies(slack.dm(bob))).toMatchObject([{ text: 'hello west' }]);
  });

  it('ends when the app removes itself', async () => {
    const client = clientWith(slack.botToken);
    await client.apps.uninstall(credentials());
    await expect(client.auth.test()).rejects.toThrow('account_inactive');
    const told = slack.deliveries.map(({ payload }) => (payload.event as { type: string }).type);
    expect(told).toEqual(['app_uninstalled', 'tokens_revoked']);
  });
});

describe('files', () => {
  it('are uploaded in three steps and shared', async () => {
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    await clientWith(slack.botToken).files.uploadV2({
      channel_id: dm.id,
      filename: 'export.json',
      content: '{"facts":[]}',
      initial_comment: 'Your data',
    });
    expect(slack.replies(dm)).toMatchObject([{ text: 'Your data' }]);
    const [stored] = slack.team.files.values();
    expect(stored).toMatchObject({ name: 'export.json', completed: true });
    expect(stored?.bytes.toString('utf8')).toBe('{"facts":[]}');
  });

  it('are read with the token, and with nothing else', async () => {
    const ada = slack.user('ada');
    const file = slack.file(slack.team, 'note.txt', 'dear diary');
    const { message } = slack.say(ada, slack.dm(ada), 'look', { files: [file] });
    const url = String((message.files[0] as { url_private: string }).url_private);
    const read = async (token: string): Promise<string> =>
      (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text();
    expect(await read(slack.botToken)).toBe('dear diary');
    expect(await read('xoxb-nobody')).toContain('<!DOCTYPE html>');
    slack.scopes({ without: ['files:read'] });
    expect(await read(slack.botToken)).toContain('<!DOCTYPE html>');
  });
});

describe('people and channels', () => {
  it('are told about as far as the scopes allow', async () => {
    const client = clientWith(slack.botToken);
    const ada = slack.user('ada');
    ada.isAdmin = true;
    const general = slack.channel('general', [ada], { bot: false });
    expect((await client.users.info({ user: ada.id })).user).toMatchObject({ name: 'ada', is_admin: true });
    expect((await client.conversations.info({ channel: general.id })).channel).toMatchObject({
      is_member: false,
    });
    await client.conversations.join({ channel: general.id });
    expect((await client.conversations.members({ channel: general.id })).members).toContain(
      slack.team.botUser,
    );
    expect((await client.conversations.list({})).channels?.map(({ id }) => id)).toEqual([general.id]);
    const opened = await client.conversations.open({ users: ada.id });
    expect(opened.channel?.id).toBe(slack.dm(ada).id);
    slack.scopes({ without: ['users:read'] });
    await expect(client.users.info({ user: ada.id })).rejects.toThrow('missing_scope');
  });

  it('get reactions', async () => {
    const ada = slack.user('ada');
    const { message } = slack.say(ada, slack.dm(ada), 'hello');
    const reaction = { channel: slack.dm(ada).id, timestamp: message.ts, name: 'eyes' };
    const client = clientWith(slack.botToken);
    await client.reactions.add(reaction);
    await expect(client.reactions.add(reaction)).rejects.toThrow('already_reacted');
    expect(message.reactions).toEqual(['eyes']);
  });
});
