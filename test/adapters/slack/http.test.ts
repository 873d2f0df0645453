import { afterEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import type { Channel } from '../../doubles/slack/slack.js';
import { SlackSetting, type SlackWorldOptions } from './slack-world.js';

describe('Slack over HTTP', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const start = async (options: SlackWorldOptions = {}): Promise<SlackSetting> => {
    setting = await SlackSetting.open({
      ...options,
      prepare: (slack) => ({
        slack: { mode: 'http' },
        secrets: { SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_BOT_TOKEN: slack.botToken },
      }),
    });
    setting.slack.http.url = `http://127.0.0.1:${setting.process.adapter.port}/slack/events`;
    return setting;
  };
  const answered = (channel: Channel, count = 1): Promise<unknown> =>
    setting.slack.until(
      () =>
        setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback')).length >=
        count,
    );

  it('answers the challenge of its address, messages and commands', async () => {
    const { slack } = await start();
    expect(await slack.verifyUrl('a challenge')).toBe('a challenge');
    const ada = slack.user('ada');
    const [delivery] = slack.say(ada, slack.dm(ada), 'hello').deliveries;
    expect(await delivery?.ack).toMatchObject({ status: 200, attempt: 0 });
    await answered(slack.dm(ada));
    const help = await slack.command(ada, slack.dm(ada), '/rapport', 'help').ack;
    expect(help.payload).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('match'),
    });
    expect(await slack.eventsLimited()).toBe(200);
  });

  it('refuses what is forged, unsigned, too old or from the future', async () => {
    const { slack, process } = await start();
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    for (const signing of [
      { secret: 'not the secret' },
      { without: ['x-slack-signature'] },
      { without: ['x-slack-request-timestamp'] },
      { skewMs: -330_000 },
      { skewMs: 330_000 },
    ])
      slack.command(ada, dm, '/rapport', 'chat hello', signing);
    await slack.until(() => slack.http.requests.length === 5 && slack.http.inFlight === 0);
    expect(process.model.requests).toHaveLength(0);
    expect(slack.deliveries.every(({ acked }) => acked === null)).toBe(true);
    const told = process.log.filter(({ message }) => message.includes('clocks differ'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ level: 'error', fields: { cure: expect.stringContaining('NTP') } });
  });

  it('refuses a request that was handled before, byte for byte', async () => {
    const { slack, process } = await start();
    const ada = slack.user('ada');
    await slack.command(ada, slack.dm(ada), '/rapport', 'chat hello').ack;
    await answered(slack.dm(ada));
    const [request] = slack.http.requests;
    if (!request) throw new Error('a request was sent');
    expect(await slack.replay(request)).toBe(401);
    expect(process.model.requests).toHaveLength(1);
  });

  it('takes a request again that it could not handle the first time', async () => {
    let failures = 1;
    const { slack, process } = await start({
      wrap: (store) => ({
        ...store,
        inbox: {
          ...store.inbox,
          record: async (message) => {
            failures -= 1;
            if (failures >= 0) throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: 'a test' });
            return store.inbox.record(message);
          },
        },
      }),
    });
    const ada = slack.user('ada');
    const [delivery] = slack.say(ada, slack.dm(ada), 'hello').deliveries;
    const ack = await delivery?.ack;
    expect(ack).toMatchObject({ status: 200, attempt: 1 });
    await answered(slack.dm(ada));
    expect(process.model.requests).toHaveLength(1);
  });

  it('answers a message once, however often it is sent', async () => {
    const { slack, process } = await start();
    const ada = slack.user('ada');
    const channel = slack.channel('general', [ada]);
    const { deliveries } = slack.say(ada, channel, 'hello', { mention: true });
    await Promise.all(deliveries.map(({ ack }) => ack));
    for (const delivery of deliveries) await slack.redeliver(delivery, 'http_timeout');
    await answered(channel);
    expect(process.model.requests).toHaveLength(1);
  });

  it('has nothing at other addresses and takes no large bodies', async () => {
    const { process } = await start();
    const origin = `http://127.0.0.1:${process.adapter.port}`;
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${origin}/slack/install`)).status).toBe(404);
    expect((await fetch(`${origin}/slack/events`)).status).toBe(404);
    expect((await fetch(`${origin}//`, { method: 'POST' })).status).toBe(404);
    const large = await fetch(`${origin}/slack/events`, { method: 'POST', body: 'x'.repeat(1_100_000) }).then(
      ({ status }) => status,
      () => 413,
    );
    expect(large).toBe(413);
  });

  it('says which port is taken', async () => {
    const { slack, process } = await start();
    await expect(
      SlackSetting.open({
        prepare: () => ({
          slack: { mode: 'http', port: process.adapter.port },
          secrets: { SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_BOT_TOKEN: slack.botToken },
        }),
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/RAPPORT_E_(PORT_IN_USE|SLACK_REFUSED)/) });
  });
});
