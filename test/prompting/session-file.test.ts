import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSessionJson } from '../../cli/prompt.js';
import { RapportError } from '../../config/errors.js';
import { loadStrategies } from '../../config/strategies.js';
import { readSession } from '../../src/prompting/session-file.js';
import { promptFromSession } from '../../src/prompting/session-prompt.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';
import { hypatia, ilka, promptOf, routeOf, textOf } from './fixture.js';

const lookup = (id: string) => [ilka, hypatia].find((character) => character.id === id);
const { strategies } = loadStrategies();
const names = { lookup, strategies };
const turns = [{ speaker: 'seeker', text: 'hello' }];

function problemsOf(value: unknown): string {
  try {
    readSession(value, names);
  } catch (error) {
    if (error instanceof RapportError && error.code === 'RAPPORT_E_INPUT_INVALID')
      return String(error.details.problems);
    throw error;
  }
  return 'none';
}

describe('session file', () => {
  it('reads every part', () => {
    const { input, format } = readSession(
      {
        character: 'ilka-brandt',
        format: 'characterchat',
        seeker: { name: 'Ana', statement: 'I bake.', facts: ['I have a cat'] },
        turns: [
          { speaker: 'seeker', text: 'hi' },
          { speaker: 'supporter', text: 'hm', action: 'thinking' },
        ],
        memory: { aspect: 'hobby', text: 'You fish.' },
        goal: ' talk about music. ',
        strategy: 'question',
        attributes: { attitude: 'optimistic' },
      },
      names,
    );
    expect(format).toBe('characterchat');
    expect(input).toEqual({
      character: ilka,
      role: undefined,
      seeker: { name: 'Ana', statement: 'I bake.', facts: ['I have a cat'] },
      turns: [
        { speaker: 'seeker', text: 'hi', action: undefined, name: undefined },
        { speaker: 'supporter', text: 'hm', action: 'thinking', name: undefined },
      ],
      memories: [{ aspect: 'hobby', text: 'You fish.' }],
      goal: 'talk about music.',
      strategy: { label: 'Question', motivation: expect.stringMatching(/\w/) },
      attributes: { attitude: 'optimistic' },
      shared: false,
    });
  });

  it('takes null for what is left out, and a strategy in brackets or with its own motivation', () => {
    const session = {
      character: 'hypatia',
      turns,
      format: null,
      seeker: null,
      memory: null,
      goal: null,
      attributes: null,
    };
    expect(readSession({ ...session, strategy: null }, names).input.strategy).toBeUndefined();
    const strategy = { label: '[Reflection of feelings]', motivation: 'to name it' };
    expect(readSession({ ...session, strategy }, names).input.strategy).toEqual({
      label: 'Reflection of Feelings',
      motivation: 'to name it',
    });
    expect(readSession({ ...session, strategy: 'Silence' }, names).input.strategy).toEqual({
      label: 'Silence',
      motivation: '',
    });
  });

  it('names every problem with its path, what is allowed and what was found', () => {
    const problems = problemsOf({
      character: 7,
      format: 'alpaca',
      turns: [{ speaker: 'bot', text: 5 }, { speaker: 'seeker' }],
      memory: 'x',
      goals: [],
    });
    expect(problems.split('\n  ')).toEqual([
      'character: a character id or a character object; found 7',
      'format: Invalid option: expected one of "characterchat"|"character-llm"|"personagpt"|"chat"|"voice"; found "alpaca"',
      'turns.0.speaker: Invalid option: expected one of "seeker"|"supporter"; found "bot"',
      'turns.0.text: a text; found 5',
      'turns.1.text: a text; found nothing',
      'memory: an object {aspect, text} or a list of them; found "x"',
      expect.stringContaining(
        '(top level): unknown key "goals"; docs/session-file.md lists the known ones; found {',
      ),
    ]);
    expect(problemsOf(null)).toContain('(top level): ');
    expect(problemsOf({ character: {}, turns })).toContain('character.name: ');
    expect(problemsOf({ character: { name: 'A', mbti: 'XXXX' }, turns })).toMatch(
      /^character\.mbti: Invalid option.*found "XXXX"$/,
    );
  });

  it('says which character is unknown', () => {
    expect(() => readSession({ character: 'nobody', turns }, names)).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_CHARACTER_UNKNOWN' }),
    );
  });

  const folder = mkdtempSync(join(tmpdir(), 'rapport-session-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a file, with coded errors for what is missing or not JSON', () => {
    const file = join(folder, 'session.json');
    writeFileSync(file, `\uFEFF${JSON.stringify({ character: 'hypatia', turns })}`);
    expect(readSession(readSessionJson(file), names).input.character).toBe(hypatia);
    writeFileSync(file, '{"character": ');
    expect(() => readSessionJson(file)).toThrow(/session\.json is not JSON: /);
    expect(() => readSessionJson(join(folder, 'none.json'))).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_FILE_UNREADABLE' }),
    );
  });
});

describe('inline character', () => {
  const read = (character: object) => readSession({ character, turns }, names).input.character;

  it('may be as small as a name and a statement in any spelling', () => {
    expect(read({ id: 'Tom_1', name: 'Tom Reed', statement: 'You are Tom.' })).toMatchObject({
      id: 'tom-1',
      supporterStatement: 'You are Tom.',
    });
    expect(read({ name: 'Zoë Løv', supporter_statement: 'You are Zoë.' })).toMatchObject({
      id: 'zoe-lov',
      supporterStatement: 'You are Zoë.',
    });
    expect(read({ name: 'Tom Reed' })).toMatchObject({
      id: 'tom-reed',
      supporterStatement: 'You are Tom Reed.',
    });
  });

  it('may be a record of CharacterChat', () => {
    const character = read({
      index: 4,
      mbti: 'intj',
      profile: {
        name: 'Ada Moor',
        age: 20,
        region: 'Leeds',
        tone: ['dry'],
        hobby: 'Ada climbs.',
        job: 'student',
      },
      profile_trans: { hobby: 'You climb.', growth_experience: '', tone: 'You are dry.' },
      seeker_statement: 'You are Ada and worried.',
      supporter_statement: 'You are Ada Moor.',
    });
    expect(character).toMatchObject({
      id: 'ada-moor',
      mbti: 'INTJ',
      persona: { age: '20', region: 'Leeds', job: 'student' },
      memory: { hobby: 'You climb.' },
      seekerStatement: 'You are Ada and worried.',
      profile: [],
    });
  });

  it('may have the fields of Character-LLM', () => {
    const character = read({
      name: 'Hypatia of Alexandria',
      short_name: 'Hypatia',
      loc_time: 'Library - Noon',
      status: 'Hypatia reads.',
    });
    expect(character).toMatchObject({
      shortName: 'Hypatia',
      scene: { location: 'Library - Noon', status: 'Hypatia reads.', interlocutor: 'Man' },
    });
    expect(read({ name: 'Hypatia of Alexandria', loc_time: 'Library' }).scene?.status).toContain(
      'Hypatia is casually chatting',
    );
  });

  it('may have the facts of PersonaGPT', () => {
    expect(read({ name: 'Bot', facts: ['i fish.', 'i sing.'] })).toMatchObject({
      facts: ['i fish.', 'i sing.'],
      supporterStatement: 'You are Bot. i fish. i sing.',
    });
    expect(read({ name: 'Bot', persona: ['i fish.'] })).toMatchObject({ facts: ['i fish.'] });
  });
});

describe('prompt of a session file', () => {
  const file = { character: 'hypatia', turns: [{ speaker: 'seeker', text: 'hi' }] };
  const routeFor = () => ({
    ...routeOf(2048, tokenEstimate, { sampling: { temperature: 0.8, max_tokens: 50 }, modelName: 'routed' }),
    format: 'chat' as const,
  });

  it('builds the exact request with the defaults of the format', async () => {
    const { request, format } = await promptFromSession(
      { ...file, format: 'character-llm' },
      { ...names, routeFor },
    );
    expect(format).toBe('character-llm');
    expect(request.endpoint).toBe('completions');
    expect(request.body).toMatchObject({
      model: 'routed',
      temperature: 0.2,
      top_p: 0.95,
      max_tokens: 256,
      stop: ['<|eot|>'],
    });
    expect(promptOf(request)).toMatch(/Man \(speaking\): hi<\|eot\|>\nHypatia \($/);
  });

  it('follows the option, then the file, then the character, then the route', async () => {
    const formatOf = async (session: object, more: object = {}) =>
      (await promptFromSession(session, { ...names, routeFor, ...more })).format;
    const own = { name: 'B', model: { format: 'personagpt' } };
    expect(await formatOf({ ...file, format: 'characterchat' }, { format: 'personagpt' })).toBe('personagpt');
    expect(await formatOf({ ...file, character: own, format: 'characterchat' })).toBe('characterchat');
    expect(await formatOf({ ...file, character: own })).toBe('personagpt');
    expect(await formatOf(file)).toBe('chat');
    expect((await promptFromSession(file, { ...names, routeFor })).request.body).toMatchObject({
      temperature: 0.8,
      max_tokens: 50,
    });
  });

  it('needs no route, and trims where there is one', async () => {
    const long = {
      ...file,
      turns: Array.from({ length: 400 }, (_, n) => ({
        speaker: n % 2 ? 'supporter' : 'seeker',
        text: `line ${n} of a long talk`,
      })),
    };
    const whole = await promptFromSession(
      { ...long, format: 'characterchat' },
      { ...names, modelName: 'tiny' },
    );
    expect([whole.request.body.model, whole.droppedTurns, textOf(whole.request).includes('line 0 ')]).toEqual(
      ['tiny', 0, true],
    );
    const fitted = await promptFromSession({ ...long, format: 'characterchat' }, { ...names, routeFor });
    expect(fitted.droppedTurns).toBeGreaterThan(100);
    expect(textOf(fitted.request)).toContain('line 399 ');
  });
});
