import { App, LogLevel } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fake-clock.js';
import { boltSocket } from './bolt-socket.js';
import { type Channel, type SlackDouble, startSlack, type User } from './slack.js';

let slack: SlackDouble;
let clock: FakeClock;
let app: App;
let ada: User;
let dm: Channel;

beforeEach(async () => {
  clock = new FakeClock();
  slack = await startSlack({ clock });
  app = new App({
    token: slack.botToken,
    receiver: boltSocket(slack),
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  await app.start();
  ada = slack.user('ada');
  dm = slack.dm(ada);
});

afterEach(async () => {
  await app.stop();
  await slack.close();
});

const text = (value: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text: value });

const form: ModalView = {
  type: 'modal',
  callback_id: 'form',
  title: text('A form'),
  submit: text('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'name',
      label: text('Name'),
      element: { type: 'plain_text_input', action_id: 'name_typed', initial_value: 'nobody' },
    },
    {
      type: 'input',
      block_id: 'mood',
      optional: true,
      label: text('Mood'),
      element: {
        type: 'static_select',
        action_id: 'mood_chosen',
        options: [{ text: text('Good'), value: 'good' }],
      },
    },
  ],
};

describe('a command', () => {
  it('is answered in its acknowledgement and later through its address', async () => {
    app.command('/rapport', async ({ ack, respond }) => {
      await ack('one moment');
      await respond({ text: 'only you see this' });
      await respond({ text: 'everybody sees this', response_type: 'in_channel' });
    });
    const general = slack.channel('general', [ada]);
    const { ack } = slack.command(ada, general, '/rapport', 'help');
    expect((await ack).payload).toEqual({ text: 'one moment' });
    await slack.until(() => slack.responses.length === 2);
    expect(slack.whatUsersSee(general).map((seen) => seen.text)).toEqual(['everybody sees this']);
    expect(slack.whatUsersSee(general, { as: ada }).map((seen) => seen.text)).toEqual([
      'only you see this',
      'everybody sees this',
    ]);
  });

  it('has an address that is good five times and half an hour', async () => {
    const { payload } = slack.command(ada, dm, '/rapport');
    const respond = async (): Promise<number> => {
      const body = JSON.stringify({ text: 'x' });
      return (await fetch(String(payload.response_url), { method: 'POST', body })).status;
    };
    for (let n = 0; n < 5; n += 1) expect(await respond()).toBe(200);
    expect(await respond()).toBe(404);
    const later = slack.command(ada, dm, '/rapport');
    await clock.advance(30 * 60_000 + 1);
    expect((await fetch(String(later.payload.response_url), { method: 'POST', body: '{}' })).status).toBe(
      404,
    );
  });
});

describe('a modal', () => {
  beforeEach(() => {
    app.command('/form', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: form });
    });
  });

  it('opens, is filled in and closes', async () => {
    let values: unknown;
    app.view('form', async ({ ack, view }) => {
      values = view.state.values;
      await ack();
    });
    await slack.command(ada, dm, '/form').ack;
    await slack.until(() => slack.team.modals.get(ada.id)?.length === 1);
    await slack.submitView(ada, { name_typed: 'Ada', mood_chosen: 'good' }).ack;
    expect(values).toMatchObject({
      name: { name_typed: { value: 'Ada' } },
      mood: { mood_chosen: { selected_option: { value: 'good' } } },
    });
    expect(() => slack.modal(ada)).toThrow('no modal');
  });

  it('stays open with errors, is replaced and is stacked as the app says', async () => {
    const answers = [
      { response_action: 'errors', errors: { name: 'too short' } },
      { response_action: 'update', view: { ...form, title: text('Again') } },
      { response_action: 'push', view: { ...form, title: text('On top') } },
      { response_action: 'clear' },
    ] as const;
    let turn = 0;
    app.view('form', async ({ ack }) => {
      const answer = answers[turn];
      turn += 1;
      if (answer) await ack(answer);
    });
    await slack.command(ada, dm, '/form').ack;
    await slack.until(() => slack.team.modals.get(ada.id)?.length === 1);
    const titles: unknown[] = [];
    for (let n = 0; n < answers.length; n += 1) {
      await slack.submitView(ada).ack;
      titles.push(
        (slack.team.modals.get(ada.id) ?? []).map(({ view }) => (view.title as { text: string }).text),
      );
    }
    expect(titles).toEqual([['A form'], ['Again'], ['Again', 'On top'], []]);
  });

  it('does not open with a trigger that is three seconds old, or used, or invented', async () => {
    const { payload } = slack.command(ada, dm, '/other');
    const open = (trigger: unknown): Promise<unknown> =>
      app.client.views.open({ trigger_id: String(trigger), view: form });
    await open(payload.trigger_id);
    await expect(open(payload.trigger_id)).rejects.toThrow('exchanged_trigger_id');
    await expect(open('123.456')).rejects.toThrow('invalid_trigger_id');
    const slow = slack.command(ada, dm, '/other');
    await clock.advance(3_001);
    await expect(open(slow.payload.trigger_id)).rejects.toThrow('expired_trigger_id');
  });

  it('is refused where it breaks a rule of Slack', async () => {
    const { payload } = slack.command(ada, dm, '/other');
    const trigger_id = String(payload.trigger_id);
    const long = { ...form, title: text('A title of more than 24 letters') };
    await expect(app.client.views.open({ trigger_id, view: long })).rejects.toThrow('invalid_arguments');
    const { submit: _submit, ...mute } = form;
    await expect(app.client.views.open({ trigger_id, view: mute })).rejects.toThrow('invalid_arguments');
  });

  it('is stacked three high', async () => {
    await app.client.views.open({
      trigger_id: String(slack.command(ada, dm, '/x').payload.trigger_id),
      view: form,
    });
    const push = (): Promise<unknown> =>
      app.client.views.push({
        trigger_id: String(slack.command(ada, dm, '/x').payload.trigger_id),
        view: form,
      });
    await push();
    await push();
    await expect(push()).rejects.toThrow('push_limit_reached');
  });
});

describe('the Home tab', () => {
  const home = (label: string): { type: 'home'; blocks: KnownBlock[] } => ({
    type: 'home',
    blocks: [
      { type: 'section', text: text(label) },
      { type: 'actions', elements: [{ type: 'button', action_id: 'again', text: text('Again') }] },
    ],
  });

  it('is published when it is opened, and its buttons can be pressed', async () => {
    let times = 0;
    const publish = async (user: string): Promise<void> => {
      times += 1;
      await app.client.views.publish({ user_id: user, view: home(`shown ${times} times`) });
    };
    app.event('app_home_opened', async ({ event }) => publish(event.user ?? ''));
    app.action('again', async ({ ack, body }) => {
      await ack();
      await publish(body.user.id);
    });
    await slack.openHome(ada).ack;
    await slack.until(() => times === 1 && slack.team.homes.size === 1);
    await slack.press(ada, slack.home(ada), 'Again').ack;
    await slack.until(() => JSON.stringify(slack.home(ada).view).includes('shown 2 times'));
  });

  it('keeps the newer of two views', async () => {
    const first = await app.client.views.publish({ user_id: ada.id, view: home('one') });
    const hash = first.view?.hash ?? '';
    await app.client.views.publish({ user_id: ada.id, view: home('two'), hash });
    await expect(app.client.views.publish({ user_id: ada.id, view: home('three'), hash })).rejects.toThrow(
      'hash_conflict',
    );
  });

  it('is not meant when the Messages tab is opened', async () => {
    const tabs: string[] = [];
    app.event('app_home_opened', async ({ event }) => void tabs.push(String(event.tab)));
    await slack.openHome(ada, 'messages').ack;
    await slack.until(() => tabs.length === 1);
    expect(tabs).toEqual(['messages']);
  });
});

describe('buttons and shortcuts', () => {
  it('are pressed only where they are', async () => {
    await app.client.chat.postMessage({ channel: dm.id, text: 'no buttons here' });
    const [message] = slack.replies(dm);
    if (!message) throw new Error('nothing was posted');
    expect(() => slack.press(ada, message, 'go')).toThrow('nothing called go');
  });

  it('include feedback, with the value of the side that was pressed', async () => {
    const pressed: unknown[] = [];
    app.action('feedback', async ({ ack, action }) => {
      pressed.push('value' in action ? action.value : null);
      await ack();
    });
    await app.client.chat.postMessage({
      channel: dm.id,
      text: 'was it good?',
      blocks: [
        {
          type: 'context_actions',
          elements: [
            {
              type: 'feedback_buttons',
              action_id: 'feedback',
              positive_button: { text: text('Yes'), value: 'up' },
              negative_button: { text: text('No'), value: 'down' },
            },
          ],
        },
      ],
    });
    const [message] = slack.replies(dm);
    if (!message) throw new Error('nothing was posted');
    await slack.press(ada, message, 'positive').ack;
    await slack.press(ada, message, 'negative').ack;
    expect(pressed).toEqual(['up', 'down']);
  });

  it('are told about the message they were used on', async () => {
    const about: unknown[] = [];
    app.shortcut({ type: 'message_action', callback_id: 'ask' }, async ({ ack, shortcut }) => {
      about.push('message' in shortcut ? shortcut.message.text : null);
      await ack();
    });
    app.shortcut({ type: 'shortcut', callback_id: 'match' }, async ({ ack }) => {
      about.push('anywhere');
      await ack();
    });
    const { message } = slack.say(ada, dm, 'what do you think?');
    await slack.shortcut(ada, 'ask', message).ack;
    await slack.shortcut(ada, 'match').ack;
    expect(about).toEqual(['what do you think?', 'anywhere']);
  });
});
