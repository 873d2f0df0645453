import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../adapters/slack/address.js';
import type { User } from '../../doubles/slack/cloud.js';
import type { Delivery } from '../../doubles/slack/delivery.js';
import type { Channel, Message, Seen } from '../../doubles/slack/slack.js';
import { waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('what goes wrong on the way', () => {
  let setting: SlackSetting;
  let ada: User;
  let dm: Channel;
  afterEach(() => setting.close());

  const start = async (...options: Parameters<typeof SlackSetting.open>): Promise<SlackSetting> => {
    setting = await SlackSetting.open(...options);
    ada = setting.slack.user('ada');
    dm = setting.slack.dm(ada);
    return setting;
  };
  const finished = (channel = dm): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (count = 1, channel = dm): Promise<Seen[]> =>
    setting.slack.until(
      () => finished(channel).length >= count && finished(channel),
      `${count} replies`,
      20_000,
    );
  const session = () => slackSession(setting.slack.team.id, dm.id);

  /** Breaks the sockets at a moment of a turn; the message is answered once, whole. */
  const stages: Readonly<Record<string, (delivery: Delivery) => Promise<unknown>>> = {
    'while the event travels': async () => undefined,
    'before it is acknowledged': () =>
      setting.slack.until(() => setting.slack.calls('users.info').length > 0, 'the look-up'),
    'right after it was acknowledged': (delivery) => delivery.ack,
    'while the model thinks': () => setting.process.model.asked(1),
    'in the middle of the reply': () =>
      setting.slack.until(() => setting.slack.replies(dm).some(({ text }) => text.includes('First half'))),
  };
  it.each(Object.keys(stages))('the sockets break %s', async (stage) => {
    const { slack, process } = await start({ slack: { sockets: 2 } });
    await slack.sockets.connected(2);
    const more = gate();
    process.model.next(waits('First half, ', more.opened, 'second half.'));
    const [delivery] = slack.say(ada, dm, 'hello').deliveries;
    if (!delivery) throw new Error('the app hears direct messages');
    await stages[stage]?.(delivery);
    slack.sockets.drop();
    more.open();
    await slack.sockets.connected(1);
    if (!delivery.acked) await slack.redeliver(delivery);
    const [reply] = await answered();
    expect(reply?.text).toContain('First half, second half.');
    await slack.redeliver(delivery, 'http_timeout');
    await process.settled(session());
    expect(slack.replies(dm)).toHaveLength(1);
    expect(process.model.requests).toHaveLength(1);
  });

  const calls = ['chat.startStream', 'chat.appendStream', 'chat.stopStream', 'chat.postMessage'] as const;
  const losses = {
    'is lost before Slack has it': (method: string) => setting.slack.faults.cut(method),
    'took effect, and its answer is lost': (method: string) => setting.slack.faults.drop(method),
    'fails inside Slack': (method: string) => setting.slack.faults.status(method, 500),
    'comes too often': (method: string) => setting.slack.faults.rateLimit(method, 1),
  } as const;
  const cases = calls.flatMap((call) =>
    Object.keys(losses).map((loss) => [call, loss as keyof typeof losses] as const),
  );
  it.each(cases)('%s %s', async (call, loss) => {
    const streaming = call !== 'chat.postMessage';
    const { slack, process } = await start({ slack: { streaming } });
    const [more, end] = [gate(), gate()];
    process.model.next(async function* () {
      yield 'The first part of it, ';
      await more.opened;
      yield 'the second part, ';
      await end.opened;
      yield 'the end.';
    });
    if (call !== 'chat.stopStream' && call !== 'chat.appendStream') losses[loss](call);
    slack.say(ada, dm, 'hello');
    await slack.until(
      () => slack.replies(dm).some(({ text }) => text.includes('first part')),
      'a beginning',
      20_000,
    );
    if (call === 'chat.appendStream') losses[loss](call);
    more.open();
    await slack.until(
      () => slack.replies(dm).some(({ text }) => text.includes('second part')),
      'a middle',
      20_000,
    );
    if (call === 'chat.stopStream') losses[loss](call);
    end.open();
    const [reply] = await answered();
    expect(reply?.text).toContain('The first part of it, the second part, the end.');
    await process.settled(session());
    const words = slack
      .replies(dm)
      .map(({ text }) => text)
      .join('\n');
    expect(words.split('the end.')).toHaveLength(2);
    expect(words.split('first part')).toHaveLength(2);
  });

  it('a reply that somebody deletes while it grows stands again at its end', async () => {
    const { slack, process } = await start();
    const more = gate();
    process.model.next(waits('First half, ', more.opened, 'second half.'));
    slack.say(ada, dm, 'hello');
    const growing = await slack.until(() =>
      slack.replies(dm).find(({ text }) => text.includes('First half')),
    );
    slack.deleteMessage(slack.messageBy(growing.ts));
    more.open();
    const replies = await answered();
    expect(replies.at(-1)?.text).toContain('second half.');
    await process.settled(session());
    expect(slack.replies(dm).filter(({ text }) => text.includes('second half'))).toHaveLength(1);
  });

  it.each([
    ['not_in_channel', (channel: Channel) => channel.members.delete(setting.slack.team.botUser)],
    ['is_archived', (channel: Channel) => Object.assign(channel, { archived: true })],
    [
      'restricted_action',
      (channel: Channel) => Object.assign(channel, { refusesPosts: 'restricted_action' }),
    ],
  ] as const)('a channel that says %s keeps nothing spinning', async (_error, close) => {
    const { slack, process, store } = await start();
    const channel = slack.channel('general', [ada]);
    const more = gate();
    process.model.next(waits('', more.opened, 'too late'));
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    await process.model.asked(1);
    close(channel);
    more.open();
    const id = slackSession(slack.team.id, channel.id, message.ts);
    await process.settled(id);
    expect(await store.inbox.count(id)).toBe(0);
    expect(await store.recoverable()).toEqual([]);
    slack.say(ada, dm, 'and here?');
    await answered();
  });

  it('names that Slack does not tell are done without, and soon', async () => {
    const { slack, process } = await start();
    slack.faults.rateLimit('users.info', 30, 2);
    slack.say(ada, dm, `<@${slack.user('ben').id}> left`);
    await answered();
    expect(process.model.prompt).toContain('@someone left');
    slack.say(ada, dm, 'and then?');
    await answered(2);
    expect(slack.calls('users.info').length).toBeLessThanOrEqual(2);
    slack.faults.clear();
  });

  it('a lookup that hangs does not hold a message up', async () => {
    const { slack } = await start();
    slack.faults.hang('users.info');
    const { deliveries } = slack.say(ada, dm, 'hello');
    expect((await deliveries[0]?.ack)?.latencyMs).toBeLessThan(2_500);
    await answered();
  });

  it('any mixture of duplicates, other orders and broken sockets: every message answered, none twice', async () => {
    await start({ slack: { sockets: 2 } });
    const { slack, process, store } = setting;
    const happening = fc.constantFrom(
      'say',
      'say in a thread',
      'mention',
      'again',
      'drop',
      'refresh',
      'twice',
    );
    const channel = slack.channel('general', [ada]);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 12 }), async (script) => {
        await slack.sockets.connected(1);
        const said: {
          readonly text: string;
          readonly message: Message;
          readonly deliveries: readonly Delivery[];
        }[] = [];
        for (const step of script) {
          if (step === 'drop') slack.sockets.drop();
          else if (step === 'refresh') slack.sockets.refresh();
          else if (step === 'twice') slack.sockets.duplicates = 1 - slack.sockets.duplicates;
          else if (step === 'again') {
            const known = said.at(-1)?.deliveries[0];
            if (known) void slack.redeliver(known);
          } else {
            count += 1;
            const text = `message number ${count}.`;
            const root = said.find(({ message }) => message.channel === dm)?.message;
            const options = step === 'say in a thread' && root ? { thread: root } : {};
            said.push({
              text,
              ...(step === 'mention'
                ? slack.say(ada, channel, text, { mention: true })
                : slack.say(ada, dm, text, options)),
            });
          }
        }
        await slack.sockets.connected(1);
        for (const { deliveries } of [...said].reverse())
          for (const delivery of deliveries) await slack.redeliver(delivery);
        for (const { deliveries } of said)
          for (const delivery of deliveries) if (!delivery.acked) await slack.redeliver(delivery);
        await Promise.all(said.flatMap(({ deliveries }) => deliveries.map(({ ack }) => ack)));
        for (const { text, message } of said) {
          const id = slackSession(slack.team.id, message.channel.id, message.threadTs ?? message.ts);
          await process.settled(id);
          const { entries } = await store.transcript.page(id, { limit: 1_000 });
          expect(entries.filter((entry) => entry.role === 'seeker' && entry.text === text)).toHaveLength(1);
        }
      }),
      { numRuns: 6 },
    );
    expect(await store.recoverable()).toEqual([]);
  }, 120_000);
});
