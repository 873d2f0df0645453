import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../adapters/slack/address.js';
import { RapportError } from '../../../config/errors.js';
import type { Store } from '../../../src/state/store.js';
import type { Channel, Seen } from '../../doubles/slack/slack.js';
import { startSlack } from '../../doubles/slack/slack.js';
import { waits } from '../../session/scripted-model.js';
import { gate, temporaryStore } from '../../session/world.js';
import { SlackProcess, SlackSetting } from './slack-world.js';

describe('receiving from Slack', () => {
  const open: SlackSetting[] = [];
  afterEach(async () => {
    for (const setting of open.splice(0)) await setting.close();
  });
  const start = async (...options: Parameters<typeof SlackSetting.open>): Promise<SlackSetting> => {
    const setting = await SlackSetting.open(...options);
    open.push(setting);
    return setting;
  };
  const finished = ({ slack }: SlackSetting, channel: Channel): Seen[] =>
    slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (setting: SlackSetting, channel: Channel, count = 1): Promise<Seen[]> =>
    setting.slack.until(() => {
      const replies = finished(setting, channel);
      return replies.length >= count && replies;
    }, `${count} replies`);

  it('acknowledges a message after it was recorded, not before', async () => {
    const recording = gate();
    let recorded = false;
    const setting = await start({
      wrap: (store) => ({
        ...store,
        inbox: {
          ...store.inbox,
          record: async (message) => {
            await recording.opened;
            const outcome = await store.inbox.record(message);
            recorded = true;
            return outcome;
          },
        },
      }),
    });
    const { slack } = setting;
    const ada = slack.user('ada');
    const [delivery] = slack.say(ada, slack.dm(ada), 'hello').deliveries;
    let acked = false;
    void delivery?.ack.then(() => {
      acked = true;
      expect(recorded).toBe(true);
    });
    await slack.until(() => slack.calls('users.info').length > 0);
    expect(acked).toBe(false);
    recording.open();
    await delivery?.ack;
    await answered(setting, slack.dm(ada));
  });

  it('leaves a message that could not be recorded unacknowledged, and answers it once when Slack sends it again', async () => {
    let failures = 1;
    const failing = (store: Store): Store => ({
      ...store,
      inbox: {
        ...store.inbox,
        record: async (message) => {
          failures -= 1;
          if (failures >= 0)
            throw new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: 'the test says so' });
          return store.inbox.record(message);
        },
      },
    });
    const setting = await start({ wrap: failing });
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const [delivery] = slack.say(ada, slack.dm(ada), 'hello').deliveries;
    if (!delivery) throw new Error('the app hears direct messages');
    await slack.until(() => process.log.some(({ message }) => message.includes('it comes again')));
    expect(delivery.acked).toBeNull();
    await slack.redeliver(delivery);
    await delivery.ack;
    await answered(setting, slack.dm(ada));
    expect(process.model.requests).toHaveLength(1);
  });

  it('answers once what comes over several sockets, twice, and again hours later', async () => {
    const setting = await start({ slack: { sockets: 3 } });
    const { slack, process } = setting;
    await slack.sockets.connected(3);
    slack.sockets.duplicates = 2;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const channel = slack.channel('general', [ada]);
    const said = [slack.say(ada, dm, 'hello'), slack.say(ada, channel, 'hello', { mention: true })];
    const deliveries = said.flatMap((one) => one.deliveries);
    expect(deliveries).toHaveLength(3);
    await Promise.all(deliveries.map(({ ack }) => ack));
    await answered(setting, dm);
    await answered(setting, channel);
    for (const delivery of deliveries) await slack.redeliver(delivery, 'http_timeout');
    await process.settled(slackSession(slack.team.id, dm.id));
    expect(slack.replies(dm)).toHaveLength(1);
    expect(slack.replies(channel)).toHaveLength(1);
    expect(process.model.requests).toHaveLength(2);
  });

  it('answers in the order of the messages’ turns when events come in another order', async () => {
    const setting = await start();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(waits('', more.opened, 'ok'));
    slack.say(ada, dm, 'zero');
    await process.model.asked(1);
    slack.sockets.drop();
    const late = slack.say(ada, dm, 'one').deliveries[0];
    await slack.sockets.connected(1);
    const next = slack.say(ada, dm, 'two').deliveries[0];
    await next?.ack;
    if (late && !late.acked) await slack.redeliver(late);
    await late?.ack;
    more.open();
    await answered(setting, dm, 2);
    const session = slackSession(slack.team.id, dm.id);
    await process.settled(session);
    const { entries } = await store.transcript.page(session, { limit: 50 });
    const lines = entries.filter(({ role }) => role === 'seeker').map(({ text }) => text);
    expect(lines.sort()).toEqual(['one', 'two', 'zero']);
  });

  it('keeps receiving while Slack renews a connection, and comes back after a break', async () => {
    const setting = await start({ slack: { sockets: 2 } });
    const { slack } = setting;
    await slack.sockets.connected(2);
    const before = slack.sockets.opened;
    slack.sockets.refresh();
    await slack.until(() => slack.sockets.opened >= before + 2);
    await slack.sockets.connected(2);
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'after the refresh');
    await answered(setting, slack.dm(ada));
    slack.sockets.drop();
    await slack.until(() => slack.sockets.opened >= before + 4);
    slack.say(ada, slack.dm(ada), 'after the break');
    await answered(setting, slack.dm(ada), 2);
  });

  it('connects again although Slack turns it away for a while', async () => {
    const setting = await start();
    const { slack } = setting;
    await slack.sockets.connected(1);
    const before = slack.sockets.opened;
    slack.faults.status('apps.connections.open', 503, 1);
    slack.sockets.drop();
    await slack.until(() => slack.sockets.opened > before);
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'hello');
    await answered(setting, slack.dm(ada));
  });

  it('survives events without an event: Slack says that it holds some back', async () => {
    const setting = await start();
    const { slack, process } = setting;
    await slack.sockets.connected(1);
    const delivery = slack.events.send('events_api', {
      type: 'app_rate_limited',
      token: 'verification-token',
      team_id: slack.team.id,
      minute_rate_limited: 1_518_467_820,
      api_app_id: 'A1',
    });
    await delivery.ack;
    expect(process.log.some(({ message }) => message.includes('holds events of a workspace back'))).toBe(
      true,
    );
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'still there?');
    await answered(setting, slack.dm(ada));
  });

  it('survives events of a form it does not know', async () => {
    const setting = await start();
    const { slack } = setting;
    await slack.events.event(slack.team, { type: 'message', channel: { odd: true }, ts: 5 }).ack;
    await slack.events.event(slack.team, { type: 'something_new' }).ack;
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'still there?');
    await answered(setting, slack.dm(ada));
  });

  it('says at once that a token is refused, with the cure', async () => {
    const slack = await startSlack();
    const { store, dispose } = await temporaryStore();
    try {
      slack.revoke(slack.botToken, 'invalid_auth');
      await expect(new SlackProcess(slack, store).start()).rejects.toMatchObject({
        code: 'RAPPORT_E_SLACK_REFUSED',
        cure: expect.stringContaining('SLACK_BOT_TOKEN'),
      });
      const other = slack.install(slack.team);
      const secrets = { SLACK_BOT_TOKEN: other, SLACK_APP_TOKEN: 'xapp-wrong' };
      const process = new SlackProcess(slack, store, { secrets });
      await expect(process.start()).rejects.toMatchObject({
        code: 'RAPPORT_E_SLACK_REFUSED',
        cure: expect.stringContaining('SLACK_APP_TOKEN'),
      });
      await process.stop();
      expect(() => new SlackProcess(slack, store, { secrets: { SLACK_BOT_TOKEN: other } })).toThrowError(
        /SLACK_APP_TOKEN is missing/,
      );
    } finally {
      await slack.close();
      await dispose();
    }
  });

  it('starts although Slack cannot be reached, and goes on when it can', async () => {
    const setting = await start({
      prepare: (slack) => {
        slack.faults.status('auth.test', 503, 1);
        return {};
      },
    });
    const { slack, process } = setting;
    expect(process.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
    await slack.sockets.connected(1);
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'hello');
    await answered(setting, slack.dm(ada));
  });

  it('says once what to do when a token is revoked while it runs, and goes on', async () => {
    const setting = await start();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    slack.revoke();
    await slack.openHome(ada).ack;
    await slack.openHome(ada).ack;
    const said = process.log.filter(({ message }) => message.includes('does not accept the token'));
    expect(said).toHaveLength(1);
    expect(said[0]?.fields.cure).toContain('Install the app');
    expect(await store.values.get(`slack:dead-token:${slack.team.id}`)).toContain('token_revoked');
  });

  it('warns when another process shares its app token', async () => {
    const setting = await start();
    const { slack } = setting;
    const other = new SlackProcess(slack, setting.store, { slack: { sockets: 1 } });
    await other.start();
    try {
      await slack.until(() =>
        other.log.some(({ message }) => message.includes('another process is connected')),
      );
    } finally {
      await other.stop();
    }
  });

  it('drains: what is being taken in is recorded and acknowledged before the sockets close', async () => {
    const recording = gate();
    let slow = false;
    const setting = await start({
      wrap: (store) => ({
        ...store,
        people: {
          ...store.people,
          profile: async (person) => {
            if (slow) await recording.opened;
            return store.people.profile(person);
          },
        },
      }),
    });
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(waits('The first half, ', more.opened, 'the second half.'));
    slack.say(ada, dm, 'hello');
    await process.model.asked(1);
    slow = true;
    const [late] = slack.say(ada, dm, 'one more thing').deliveries;
    await slack.until(() => slack.calls('users.info').length > 0);
    const stopped = process.stop();
    more.open();
    recording.open();
    await stopped;
    await slack.until(() => slack.sockets.count === 0);
    expect(finished(setting, dm)[0]?.text).toContain('the second half.');
    const session = slackSession(slack.team.id, dm.id);
    const waiting = await store.inbox.count(session);
    const answeredAlready = (await store.sessions.get(session))?.turnCount === 2;
    expect(waiting === 1 || answeredAlready || !late?.acked).toBe(true);
    const next = new SlackProcess(slack, store);
    await next.start();
    if (late && !late.acked) await slack.redeliver(late);
    await answered(setting, dm, 2);
    expect(finished(setting, dm)).toHaveLength(2);
    await next.stop();
  });
});
