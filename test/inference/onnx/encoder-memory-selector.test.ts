import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBank } from '../../../characters/bank.js';
import { packageRoot } from '../../../config/root.js';
import { readAspectPhrases } from '../../../inference/onnx/aspect-phrases.js';
import { EncoderMemorySelector } from '../../../inference/onnx/encoder-memory-selector.js';
import { select10Ms } from '../../../inference/onnx/scorer-bench.js';
import { SentenceEncoder } from '../../../inference/onnx/sentence-encoder.js';
import { eligibleMemories } from '../../../src/memory/eligible-memories.js';
import { copyOf, encoderFolder } from './model-copies.js';

const encoder = new SentenceEncoder(encoderFolder);
afterAll(() => encoder.close());
const selector = new EncoderMemorySelector({ encoder, phrases: readAspectPhrases(encoderFolder) });
const rin = loadBank([join(packageRoot, 'characters/bank/supporters/rin-asakura.yaml')]).all[0];
if (!rin) throw new Error('the character is missing');
const memories = eligibleMemories(rin, [], { window: 5, max: 3 });

function chosenFor(text: string, k = 1): Promise<string[]> {
  return selector
    .select([{ role: 'seeker', text }], memories, k)
    .then(({ chosen }) => chosen.map(({ aspect }) => aspect));
}

describe('EncoderMemorySelector', () => {
  it.each([
    ['Do you have any hobbies?', 'hobby'],
    ['My mother called me yesterday and we fought.', 'family_relationship'],
    ['I got bullied at school and stopped going.', 'growth_experience'],
    ['Where do you live?', 'living_conditions'],
    ['Tell me about your work and your colleagues.', 'working_conditions'],
  ])('recalls for "%s" the aspect %s', async (text, aspect) => {
    expect(await chosenFor(text)).toEqual([aspect]);
  });

  it.each(['Hello!', 'ok', 'Thank you so much!', 'lol'])('recalls nothing for "%s"', async (text) => {
    expect(await chosenFor(text)).toEqual([]);
  });

  it('shows all candidates with their scores, best first, and chooses at most k', async () => {
    const history = [{ role: 'seeker', text: 'My parents and I fight about my hobby.' }] as const;
    const { chosen, considered } = await selector.select(history, memories, 2);
    expect(considered).toHaveLength(memories.length);
    expect(considered.map(({ score }) => score)).toEqual(
      considered.map(({ score }) => score).sort((a, b) => b - a),
    );
    expect(chosen.length).toBeLessThanOrEqual(2);
    expect(considered.slice(0, chosen.length)).toEqual(chosen);
  });

  it('recalls a fact about the person by its own words', async () => {
    const facts = ['My sister Ana lives in Porto', 'I am allergic to nuts'].map((text) => ({
      aspect: 'user',
      text,
    }));
    const history = [{ role: 'seeker', text: 'My sister Ana is getting married.' }] as const;
    const { chosen } = await selector.select(history, facts, 3);
    expect(chosen.map(({ text }) => text)).toEqual(['My sister Ana lives in Porto']);
  });

  it('takes no history and no candidates', async () => {
    expect(await selector.select([], memories, 1)).toMatchObject({ chosen: [] });
    expect(await selector.select([{ role: 'seeker', text: 'Hello there' }], [], 1)).toEqual({
      chosen: [],
      considered: [],
    });
  });

  it('is quick once the vectors are cached', async () => {
    // 5 ms is the aim on an idle machine (bench turn prints it); this only guards against a slip of a magnitude.
    expect(await select10Ms(selector, rin)).toBeLessThan(125);
  });

  it('names a broken aspects.json', () => {
    const folder = copyOf(encoderFolder);
    writeFileSync(join(folder, 'aspects.json'), '{"weights":{}}');
    expect(() => readAspectPhrases(folder)).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }),
    );
    rmSync(folder, { recursive: true });
  });
});
