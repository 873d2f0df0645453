import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slackPerson } from '../../adapters/slack/address.js';
import { pausePerson } from '../../src/commands/privacy.js';
import { personId } from '../../src/ids.js';
import { type Bot, startBot } from '../adapters/discord/bot.js';
import { ours } from '../adapters/discord/on-screen.js';
import { SlackSetting } from '../adapters/slack/slack-world.js';
import { Browser, startServer, type TestServer } from '../adapters/web/server.js';
import { type Discord, startDiscord } from '../doubles/discord/index.js';
import type { User } from '../doubles/discord/people/places.js';
import { says, waits } from '../session/scripted-model.js';
import { gate, judge } from '../session/world.js';

const cry = 'I want to kill myself';
const help = /988|116 123|findahelpline/;
/** From receipt to the first thing a person in danger is told (issue 13 §2), ms. */
const limitMs = 300;
/** A machine that tests much at once may be late by itself. */
const tries = 3;

const held = gate();
const hangs = waits('', held.opened);
const streams = waits('Let me think about that. ', held.opened, 'So.');

beforeAll(async () => {
  // What a process does at its start: patterns are compiled when they are first asked.
  for (const text of ['hello', cry]) await judge.judge(text);
});

/** Somebody new prepares, then cries for help; what it took until they were told, ms, at the best of some tries. */
async function took(tryOnce: () => Promise<() => Promise<unknown>>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < tries && best > limitMs; n += 1) {
    const act = await tryOnce();
    const began = performance.now();
    await act();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

describe('on Discord somebody in danger is told at once', () => {
  let discord: Discord;
  let bot: Bot;
  beforeAll(async () => {
    discord = await startDiscord({ rateLimits: false });
    bot = await startBot({ discord, config: { editIntervalMs: 30 } });
    await discord.until(() =>
      discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
    );
  });
  afterAll(async () => {
    held.open();
    await bot.stop();
    await discord.close();
  });

  let people = 0;
  const told = (ada: User) =>
    discord.until(() => ours(discord, discord.dm(ada)).some(({ text }) => help.test(text)));
  const cries = (ada: User) => async () => {
    discord.say(ada, discord.dm(ada), cry);
    await told(ada);
  };
  const behind = async (ada: User, script: typeof hangs): Promise<void> => {
    bot.model.next(script);
    const asked = bot.model.requests.length + 1;
    discord.say(ada, discord.dm(ada), 'hello');
    await bot.model.asked(asked);
  };

  it.each<[string, (ada: User) => Promise<() => Promise<unknown>>]>([
    ['where nothing goes on', async (ada) => cries(ada)],
    ['behind a reply that is streamed', (ada) => behind(ada, streams).then(() => cries(ada))],
    ['behind a model that hangs', (ada) => behind(ada, hangs).then(() => cries(ada))],
    [
      'where they have paused',
      async (ada) => {
        await pausePerson(bot.services, personId(`discord:${ada.id}`), true);
        return cries(ada);
      },
    ],
    [
      'by a slash command',
      async (ada) => async () => {
        discord.slash(ada, discord.dm(ada), 'chat', { message: cry });
        await told(ada);
      },
    ],
    [
      'by a form',
      async (ada) => {
        const form = discord.slash(ada, discord.dm(ada), 'match');
        await discord.modal(form);
        return async () =>
          expect((await discord.answered(discord.submitModal(form, { worry: cry }))).text).toMatch(help);
      },
    ],
    [
      'by an edited message',
      async (ada) => {
        const said = discord.say(ada, discord.dm(ada), 'I want to');
        await discord.until(() =>
          ours(discord, discord.dm(ada)).some(({ text }) => text.includes('I hear you')),
        );
        return async () => {
          discord.edit(ada, said, cry);
          await told(ada);
        };
      },
    ],
  ])('%s', async (_, prepare) => {
    const ms = await took(() => {
      people += 1;
      return prepare(discord.addUser({ username: `ada${people}` }));
    });
    expect(ms).toBeLessThanOrEqual(limitMs);
  });
});

describe('on Slack somebody in danger is told at once', () => {
  let setting: SlackSetting;
  let people = 0;
  beforeAll(async () => {
    setting = await SlackSetting.open();
  });
  afterAll(async () => {
    held.open();
    await setting.close();
  });

  type Ada = ReturnType<SlackSetting['slack']['user']>;
  const shows = (ada: Ada, words: RegExp) =>
    setting.slack.until(
      () => setting.slack.replies(setting.slack.dm(ada)).some(({ text }) => words.test(text)),
      'help',
    );
  const cries = (ada: Ada) => async () => {
    setting.slack.say(ada, setting.slack.dm(ada), cry);
    await shows(ada, help);
  };
  const behind = async (ada: Ada, script: typeof hangs): Promise<void> => {
    const { model } = setting.process;
    model.next(script);
    const asked = model.requests.length + 1;
    setting.slack.say(ada, setting.slack.dm(ada), 'hello');
    await model.asked(asked);
  };

  it.each<[string, (ada: Ada) => Promise<() => Promise<unknown>>]>([
    ['where nothing goes on', async (ada) => cries(ada)],
    ['behind a reply that is streamed', (ada) => behind(ada, streams).then(() => cries(ada))],
    ['behind a model that hangs', (ada) => behind(ada, hangs).then(() => cries(ada))],
    [
      'where they have paused',
      async (ada) => {
        await pausePerson(setting.process.services, slackPerson(setting.slack.team.id, ada.id), true);
        return cries(ada);
      },
    ],
    [
      'by a form',
      async (ada) => {
        await setting.slack.openHome(ada).ack;
        await setting.slack.press(ada, setting.slack.home(ada), 'rapport_match').ack;
        return async () => {
          setting.slack.submitView(ada, { worry: cry, facts: '', mbti: '', name: '' });
          await setting.slack.until(() => {
            const top = setting.slack.team.modals.get(ada.id)?.at(-1);
            return top && help.test(JSON.stringify(top.view));
          }, 'a modal with help');
        };
      },
    ],
    [
      'by an edited message',
      async (ada) => {
        const { message } = setting.slack.say(ada, setting.slack.dm(ada), 'I want to');
        await shows(ada, /I hear you/);
        return async () => {
          await setting.slack.editMessage(message, cry).ack;
          await shows(ada, help);
        };
      },
    ],
  ])('%s', async (_, prepare) => {
    const ms = await took(() => {
      people += 1;
      return prepare(setting.slack.user(`ada${people}`));
    });
    expect(ms).toBeLessThanOrEqual(limitMs);
  });
});

describe('on the page and through /v1 somebody in danger is told at once', () => {
  let server: TestServer;
  let narrow: TestServer;
  beforeAll(async () => {
    server = await startServer();
    narrow = await startServer({ server: { requestsPerMinute: 1 } });
  });
  afterAll(async () => {
    held.open();
    await server.stop();
    await narrow.stop();
  });

  const cries = (ada: Browser, id: string) => async () => {
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-9', text: cry }, 202);
    const told = async (): Promise<string> => JSON.stringify(await ada.call('GET', `/api/sessions/${id}`));
    await expect.poll(told, { interval: 5, timeout: 5_000 }).toMatch(help);
  };
  const behind = async (script: typeof hangs): Promise<() => Promise<unknown>> => {
    const ada = new Browser(server.url);
    const id = await ada.open();
    server.model.next(script);
    const asked = server.model.requests.length + 1;
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text: 'hello' }, 202);
    await server.model.asked(asked);
    return cries(ada, id);
  };
  const complete =
    (url: string, ...lines: readonly string[]) =>
    async () => {
      const messages = lines.map((content) => ({ role: 'user', content }));
      const answer = await new Browser(url).fetch('POST', '/v1/chat/completions', {
        model: 'maren-voss',
        messages,
      });
      expect(await answer.text()).toMatch(help);
    };

  it.each<[string, () => Promise<() => Promise<unknown>>]>([
    [
      'where nothing goes on',
      async () => {
        const ada = new Browser(server.url);
        return cries(ada, await ada.open());
      },
    ],
    ['behind a reply that is streamed', () => behind(streams)],
    ['behind a model that hangs', () => behind(hangs)],
    [
      'by the first form of the page',
      async () => async () => {
        const ada = new Browser(server.url);
        const shown = await ada.call('POST', '/api/match', { persona: { facts: [], worry: cry } });
        expect(JSON.stringify(shown)).toMatch(help);
      },
    ],
    [
      'over the rate, through /v1',
      async () => {
        await complete(narrow.url, cry)();
        return complete(narrow.url, cry);
      },
    ],
    ['in the last line, through /v1', async () => complete(server.url, 'hello', cry)],
    [
      'in an earlier line that nobody has answered, through /v1',
      async () => complete(server.url, cry, 'are you there?', 'hello?'),
    ],
  ])('%s', async (_, prepare) => {
    server.model.usual = says('I hear you. ', 'Tell me more.');
    expect(await took(prepare)).toBeLessThanOrEqual(limitMs);
  });
});
