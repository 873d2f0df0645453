import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader } from '../../app/reader.js';
import { loadConfig } from '../../app/settings.js';
import { LayeredJudge } from '../../src/care/layered-judge.js';
import { withoutMarkup } from '../../src/care/reading/without-markup.js';
import { systemClock } from '../../src/clock.js';
import { silentLogger } from '../../src/telemetry/logger.js';

const { config } = loadConfig({});
const { care: reader, close } = openReader(config, silentLogger);
const { threshold } = config.care;
const judge = new LayeredJudge({
  reader,
  secondReader: null,
  threshold,
  clock: systemClock,
  logger: silentLogger,
});
beforeAll(async () => {
  await reader?.read('hello', []);
}, 60_000);
afterAll(() => close());

/** Ids as the platforms give them: eighteen to nineteen digits, or a letter and ten signs. */
const snowflakes = Array.from(
  { length: 25 },
  (_, n) => `${1_576_990_000_000_000_000n + BigInt(n) * 377_911_234_567_891n}`,
);
const slackIds = Array.from(
  { length: 10 },
  (_, n) => `U0${(n * 7_919_173 + 60_466_176).toString(36).toUpperCase()}K7`,
);
const risks = (texts: readonly string[]): Promise<readonly string[]> =>
  Promise.all(
    texts.map(async (text) => {
      const { probability } = await judge.judge(text, { timeLimit: 30_000 });
      return probability >= threshold ? [text] : [];
    }),
  ).then((all) => all.flat());

describe('what a program wrote into a message', () => {
  it.each(['are you there?', 'tell me a story', 'I had pasta tonight'])(
    'raises no alarm, whichever bot is called: %s',
    async (words) => {
      expect(await risks(snowflakes.map((id) => `<@${id}> ${words}`))).toEqual([]);
      expect(await risks(slackIds.map((id) => `<@${id}> ${words}`))).toEqual([]);
    },
    60_000,
  );

  it('hides no danger', async () => {
    const inDanger = [
      `<@${snowflakes[0]}> I want to kill myself tonight`,
      `<@${slackIds[0]}> he hit me again and I am scared to go home`,
      'see https://example.org/a/b?c=1 I took all the pills',
      '<https://example.org|I want to die>',
      'iwanttok1llmyself',
    ];
    expect(await risks(inDanger)).toEqual(inDanger);
  });

  it.each([
    ['<@123456789012345678> hi', 'hi'],
    ['ask <@&123456789012345678> in <#123456789012345678>', 'ask in'],
    ['<:sad_cat:123456789012345678> why', 'sad_cat why'],
    ['</reset session:123456789012345678> does nothing', 'reset session does nothing'],
    ['at <t:1700000000:R> then', 'at then'],
    ['<@U12345ABC|ada> and <#C12345|general> <!here>', 'ada and general'],
    ['<https://a.example/x|the song> and <https://b.example>', 'the song and'],
    ['mail me at ada.b@example.org or https://example.org/x?y=1', 'mail me at or'],
    ['order 483920118374 came', 'order came'],
    ['iwant2killmyselftonight', 'iwant2killmyselftonight'],
    ['<@killmyself> <!i-want-to-die>', '<@killmyself> <!i-want-to-die>'],
    ['I took 20 pills at 10:30', 'I took 20 pills at 10:30'],
    ['a < b and c > d', 'a < b and c > d'],
    ['I am on my own since 2019', 'I am on my own since 2019'],
  ])('%s is read as: %s', (text, read) => {
    expect(withoutMarkup(text)).toBe(read);
  });

  it('is taken out of a long hostile text in no time', () => {
    const before = performance.now();
    for (const piece of ['<@', '<a:', '1'.repeat(50), 'a1-', '@a.', 'https://', '<https:|'])
      withoutMarkup(piece.repeat(4_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
