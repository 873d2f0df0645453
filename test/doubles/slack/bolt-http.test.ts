import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from './quiet.js';
import { type SlackDouble, startSlack } from './slack.js';

let slack: SlackDouble;
let app: App;
const heard: { readonly text: string; readonly retry: number | undefined }[] = [];

beforeEach(async () => {
  slack = await startSlack();
  heard.splice(0);
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    processBeforeResponse: true,
    logger: quiet,
  });
  app = new App({
    token: slack.botToken,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.message(async ({ message, context }) => {
    if (message.subtype === undefined && !message.bot_id)
      heard.push({ text: message.text ?? '', retry: context.retryNum });
  });
  const server = await receiver.start(0);
  const { port } = server.address() as AddressInfo;
  slack.http.url = `http://127.0.0.1:${port}/slack/events`;
});

afterEach(async () => {
  await app.stop();
  await slack.close();
});

describe('a Bolt app behind HTTP', () => {
  it('answers the challenge of its address', async () => {
    expect(await slack.verifyUrl('abc')).toBe('abc');
  });

  it('hears signed events and is known to have acknowledged them', async () => {
    const ada = slack.user('ada');
    const { deliveries } = slack.say(ada, slack.dm(ada), 'hello');
    const ack = await deliveries[0]?.ack;
    expect(ack).toMatchObject({ status: 200, attempt: 0 });
    expect(heard).toEqual([{ text: 'hello', retry: undefined }]);
  });

  it('hears commands and their answers travel back', async () => {
    app.command('/rapport', async ({ ack, command }) => ack(`you typed ${command.text}`));
    const ada = slack.user('ada');
    const { ack } = slack.command(ada, slack.dm(ada), '/rapport', 'help me');
    expect((await ack).payload).toEqual({ text: 'you typed help me' });
  });

  it('hears presses of buttons', async () => {
    app.action('go', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'gone', replace_original: true });
    });
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    await app.client.chat.postMessage({
      channel: dm.id,
      text: 'shall I?',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
        },
      ],
    });
    const [message] = slack.replies(dm);
    if (!message) throw new Error('nothing was posted');
    await slack.press(ada, message, 'Go').ack;
    await slack.until(() => slack.replies(dm)[0]?.text === 'gone');
    expect(slack.responses).toMatchObject([{ user: ada.id, body: { text: 'gone' } }]);
  });

  it('does not hear what is forged, stale or unsigned', async () => {
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'forged', { signing: { secret: 'another secret' } });
    slack.say(ada, dm, 'stale', { signing: { skewMs: -6 * 60_000 } });
    slack.say(ada, dm, 'unsigned', { signing: { without: ['x-slack-signature'] } });
    const { deliveries } = slack.say(ada, dm, 'a little late', { signing: { skewMs: -4 * 60_000 } });
    await deliveries[0]?.ack;
    await slack.until(() => slack.deliveries.slice(0, 3).every(({ attempts }) => attempts >= 2));
    await slack.until(() => slack.http.inFlight === 0);
    expect(heard.map(({ text }) => text)).toEqual(['a little late']);
    expect(slack.deliveries.slice(0, 3).map(({ acked }) => acked)).toEqual([null, null, null]);
  });

  it('hears a replayed request again: freshness is all a signature proves', async () => {
    const ada = slack.user('ada');
    const { deliveries } = slack.say(ada, slack.dm(ada), 'twice');
    await deliveries[0]?.ack;
    const [request] = slack.http.requests;
    if (!request) throw new Error('nothing was sent');
    expect(await slack.replay(request)).toBe(200);
    expect(heard.map(({ text }) => text)).toEqual(['twice', 'twice']);
  });

  it('hears an event again, marked as a retry, when it did not acknowledge it', async () => {
    let failing = true;
    app.event('app_home_opened', async () => {
      if (!failing) return;
      failing = false;
      throw new Error('not this time');
    });
    const ada = slack.user('ada');
    const { ack } = slack.openHome(ada);
    expect(await ack).toMatchObject({ attempt: 1, status: 200 });
    const retried = slack.http.requests.map(({ headers }) => [
      headers['x-slack-retry-num'],
      headers['x-slack-retry-reason'],
    ]);
    expect(retried).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
    ]);
  });
});

describe('any address that takes events', () => {
  it('is told, signed, when events were too many', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (data: Buffer) => bodies.push(data.toString('utf8')));
      request.on('end', () => response.writeHead(200).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    slack.http.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await slack.eventsLimited()).toBe(200);
    server.close();
    expect(JSON.parse(bodies.join(''))).toMatchObject({ type: 'app_rate_limited', team_id: slack.team.id });
    expect(slack.http.requests[0]?.headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/);
  });
});
