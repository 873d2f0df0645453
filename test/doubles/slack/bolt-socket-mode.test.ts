import { App, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackDouble, startSlack } from './slack.js';

let slack: SlackDouble;
let app: App;

beforeEach(async () => {
  slack = await startSlack();
  app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
});

afterEach(async () => {
  await app.stop();
  await slack.close();
});

describe('a Bolt app in Socket Mode', () => {
  it('hears a direct message, acknowledges it and answers', async () => {
    app.message(async ({ message, client }) => {
      if (message.subtype !== undefined || message.bot_id) return;
      await client.chat.postMessage({ channel: message.channel, text: `You said: ${message.text}` });
    });
    await app.start();
    const ada = slack.user('ada');
    const { deliveries } = slack.say(ada, slack.dm(ada), 'hello');
    const ack = await deliveries[0]?.ack;
    expect(ack?.attempt).toBe(0);
    const [reply] = await slack.until(() => {
      const replies = slack.replies(slack.dm(ada));
      return replies.length > 0 && replies;
    });
    expect(reply).toMatchObject({ text: 'You said: hello', name: 'rapport', byApp: true });
  });

  it('hears a mention twice, as message and as app_mention', async () => {
    const heard: string[] = [];
    app.event('app_mention', async ({ event }) => void heard.push(`app_mention ${event.ts}`));
    app.message(async ({ message }) => void heard.push(`message ${message.ts}`));
    await app.start();
    const ada = slack.user('ada');
    const general = slack.channel('general', [ada]);
    const { message } = slack.say(ada, general, 'are you there?', { mention: true });
    await slack.until(() => heard.length === 2);
    expect(heard.sort()).toEqual([`app_mention ${message.ts}`, `message ${message.ts}`]);
  });

  it('streams a reply that people see grow', async () => {
    await app.start();
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message } = slack.say(ada, dm, 'tell me');
    const { chat } = app.client;
    const started = await chat.startStream({
      channel: dm.id,
      thread_ts: message.ts,
      username: 'Mara',
      chunks: [{ type: 'markdown_text', text: 'Once ' }],
    });
    const ts = started.ts ?? '';
    await chat.appendStream({ channel: dm.id, ts, chunks: [{ type: 'markdown_text', text: 'upon' }] });
    expect(slack.replies(dm)[0]).toMatchObject({ text: 'Once upon', name: 'Mara', streaming: true });
    await chat.stopStream({ channel: dm.id, ts, chunks: [{ type: 'markdown_text', text: ' a time' }] });
    expect(slack.replies(dm)[0]).toMatchObject({ text: 'Once upon a time', streaming: false });
  });
});
