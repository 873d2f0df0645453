import { describe, expect, it } from 'vitest';
import { loadCareWords } from '../../config/care-words.js';
import { loadHelplines } from '../../config/helplines.js';
import { composeAnswer, composeOffer } from '../../src/care/answer.js';
import { helpFor } from '../../src/care/helplines.js';
import { careLanguages } from '../../src/care/languages.js';
import { type Grade, type Judgement, riskKinds } from '../../src/care/risk-judge.js';

const words = loadCareWords();
const table = loadHelplines();

function answer(
  kind: Judgement['kind'],
  grade: Grade,
  before = 0,
  country: string | null = null,
  language = 'en',
) {
  const own = words.get(language);
  if (!own) throw new Error(language);
  const help = helpFor(table, country, kind, language);
  return composeAnswer(own, {
    judgement: { grade, kind, probability: 1, by: 'rules' },
    help,
    own: [],
    before,
  });
}

describe('the answer to somebody in danger', () => {
  it('is written in every language the reader knows', () => {
    expect([...words.keys()].sort()).toEqual([...careLanguages].sort());
  });

  it.each(careLanguages.flatMap((language) => riskKinds.map((kind) => [language, kind] as const)))(
    '%s, %s: short, with help, and nothing unfilled',
    (language, kind) => {
      const text = answer(kind, 'imminent', 0, null, language);
      expect(text.length).toBeLessThan(1_000);
      expect(text).toContain('•');
      expect(text).not.toMatch(/[{}]/);
    },
  );

  it('says what it is, who helps and asks one thing', () => {
    const text = answer('suicide', 'ideation');
    expect(text).toMatch(/^I am stepping out of character/);
    expect(text).toContain('I am an AI');
    expect(text).toContain('988');
    expect(text.match(/\?/g)).toHaveLength(1);
    expect(text).not.toContain('112');
  });

  it('names an emergency number where it is urgent: the country’s own', () => {
    expect(answer('suicide', 'imminent', 0, 'DE', 'de')).toContain('112');
    expect(answer('medical', 'imminent', 0, 'US')).toContain('911');
    expect(answer('suicide', 'imminent')).toContain('112 or 911');
  });

  it('is never the same twice running', () => {
    for (const language of careLanguages) {
      const said = Array.from({ length: 6 }, (_, before) =>
        answer('suicide', 'ideation', before, null, language),
      );
      for (const [index, text] of said.entries()) expect(text).not.toBe(said[index - 1]);
    }
  });

  it('has its own words for somebody who fears for another', () => {
    expect(answer('other', 'ideation')).toContain('somebody else');
    expect(answer('other', 'ideation')).not.toContain('you are thinking of dying');
  });

  it('puts the operator’s own contacts first', () => {
    const english = words.get('en');
    if (!english) throw new Error('no English');
    const help = helpFor(table, 'US', 'suicide', 'en');
    const text = composeAnswer(english, {
      judgement: { grade: 'ideation', kind: 'suicide', probability: 1, by: 'rules' },
      help,
      own: ['Our night team (here): room 4'],
      before: 0,
    });
    expect(text.split('\n').find((line) => line.startsWith('•'))).toBe('• Our night team (here): room 4');
  });

  it('says in every language how people of the operator’s are told, where there are any', () => {
    for (const language of careLanguages) {
      const said = words.get(language);
      if (!said) throw new Error(`no ${language}`);
      const needs = {
        judgement: { grade: 'ideation', kind: 'suicide', probability: 1, by: 'rules' },
        help: helpFor(table, 'US', 'suicide', language),
        own: [],
        before: 0,
      } as const;
      expect(composeAnswer(said, { ...needs, humans: true })).toContain('!human');
      expect(composeAnswer(said, needs)).not.toContain('!human');
    }
  });

  it('offers a line in one sentence to somebody who is low', () => {
    const english = words.get('en');
    if (!english) throw new Error('no English');
    expect(composeOffer(english, { help: helpFor(table, 'GB', 'suicide', 'en'), own: [] })).toMatch(
      /Samaritans/,
    );
  });
});
