import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { framesOf, kindOf, reasonOf } from '../../config/errors.js';
import { startBot } from '../adapters/discord/bot.js';
import { ours } from '../adapters/discord/on-screen.js';
import { SlackSetting } from '../adapters/slack/slack-world.js';
import { Browser, startServer } from '../adapters/web/server.js';
import { startDiscord } from '../doubles/discord/index.js';
import { asks, QuietLog, startEchoServer } from '../doubles/quiet-log.js';
import { remote } from '../inference/remote/fixture.js';
import type { Script } from '../session/scripted-model.js';

/** Ordinary lines, somebody in danger, a code, and a code that is none. */
const texts = [
  'I planted tulips by the shed',
  'the shed is where I hide',
  'nobody knows about the tulips',
  'and the cat is called Pixel',
  'I want to kill myself',
  '!remember the tulips are mine',
  '!topc! tulips',
];

let log: QuietLog;
let echo: Awaited<ReturnType<typeof startEchoServer>>;
beforeEach(async () => {
  log = new QuietLog();
  echo = await startEchoServer();
});
afterEach(() => echo.stop());

/** A fault of ours that quotes what it stumbled over. */
const stumbles: Script = async function* (request) {
  yield 'Let me';
  const { messages } = request.body as { messages: readonly { content: string }[] };
  throw new SyntaxError(`unexpected token in ${messages.at(-1)?.content}`);
};

const model = () => asks(remote([echo.url], { retry: { rounds: 1, maxWaitMs: 10 } }));

describe('no word of anybody is in the log, not even from a model server that repeats what it was asked (13 §4)', () => {
  it('on Discord', async () => {
    const discord = await startDiscord({ rateLimits: false });
    const bot = await startBot({ discord });
    bot.model.usual = model();
    bot.model.next(stumbles);
    const ada = discord.addUser({ username: 'ada' });
    const dm = discord.dm(ada);
    for (const text of texts) {
      const before = ours(discord, dm).length;
      discord.say(ada, dm, log.words(text));
      await discord.until(() => ours(discord, dm).length > before || undefined);
    }
    await bot.stop();
    await discord.close();
    log.add(bot.log);
    log.expectQuiet();
  });

  it('on Slack', async () => {
    const setting = await SlackSetting.open();
    const { slack, process } = setting;
    process.model.usual = model();
    process.model.next(stumbles);
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    for (const text of texts) {
      const before = slack.replies(dm).length;
      slack.say(ada, dm, log.words(text));
      await slack.until(() => slack.replies(dm).length > before || undefined);
    }
    await setting.close();
    log.add(process.log);
    log.expectQuiet();
  });

  it('on the page and through /v1', async () => {
    const server = await startServer({ services: { logger: log.logger } });
    server.model.usual = model();
    server.model.next(stumbles, stumbles);
    const ada = new Browser(server.url);
    const id = await ada.open();
    let sent = 0;
    for (const text of texts) {
      sent += 1;
      await ada.call(
        'POST',
        `/api/sessions/${id}/messages`,
        { id: `message-${sent}`, text: log.words(text) },
        202,
      );
      for (const body of [
        { messages: [{ role: 'user', content: log.words(text) }] },
        { messages: [{ role: 'user', content: log.words(text) }], stream: true },
        { messages: log.words(text) },
        `{"messages": ${log.words(text)}`,
      ]) {
        const answer = await ada.fetch(
          'POST',
          '/v1/chat/completions',
          typeof body === 'string' ? body : { model: 'maren-voss', user: 'ada', ...body },
        );
        await answer.text();
      }
    }
    await server.stop();
    expect(log.text).toContain('rapport_e_model_');
    log.expectQuiet();
  });

  it('and a log that holds one fails', () => {
    log.logger.child({ cause: new Error(log.words('a secret')) }).info({}, 'fine');
    expect(() => log.expectQuiet()).toThrow('holds "zyxq"');
  });

  it('nor from a parser that quotes what it read', () => {
    const parse = (text: string): string => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return reasonOf(error);
      }
    };
    for (const text of ['heliotrope', 'say "heliotrope" to "me"', '{"a":heliotrope}', '{"a":"heliotrope'])
      expect(parse(text)).not.toMatch(/heli|say/);
    expect(parse('heliotrope')).toContain('is not valid JSON');
  });

  it('nor from the stack of an error', () => {
    const error = new Error('heliotrope\n    at heliotrope');
    expect(kindOf(error)).toBe('Error');
    expect(framesOf(error)).toMatch(/^at .*quiet-log/);
    expect(framesOf(error)).not.toContain('heliotrope');
  });
});
