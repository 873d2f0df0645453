import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyStage } from '../../../lab/pipelines/engine/stage.js';
import { miracle, styleNames } from '../../../lab/pipelines/miracle/steps.js';
import { itemsOf, personaDialogues, personagpt } from '../../../lab/pipelines/personagpt/steps.js';
import type { StepOptions } from '../../../lab/pipelines/steps.js';
import { fileOf, lastOf, runOver } from './run-stage.js';

type Rows = { rows: (options: StepOptions) => Promise<object[]> };
const talk = (n: number) =>
  Array.from({ length: n }, (_, i) => `[PersonA]: Question ${i}: why?\n[PersonB]: Answer ${i}.`).join('\n\n');

describe('miracle (issue 16 B)', () => {
  test('every one of the seventeen styles has its own words (slips of the released script)', async () => {
    expect(styleNames).toHaveLength(17);
    const { stage } = miracle.dialogues as { stage: AnyStage };
    const { requests } = await runOver(
      stage,
      styleNames.map((style) => ({ topics: 'kites', style })),
      () => talk(4),
    );
    const asked = requests.map(lastOf);
    expect(new Set(asked).size).toBe(17);
    const three = asked[styleNames.indexOf('lyrical;optimistic;critical')] ?? '';
    expect(three).toContain('lyrical:');
    expect(three).not.toContain('plain-spoken');
    const feeling = asked[styleNames.indexOf('plain;optimistic;emotional')] ?? '';
    expect(feeling).not.toContain('critical');
  });

  test('a short talk is asked for again; a row for each prefix, tags are numbers', async () => {
    const { stage } = miracle.dialogues as { stage: AnyStage };
    const topics = [
      { topics: 'kites', style: 'lyrical' },
      { topics: 'kites', style: 'plain;optimistic;critical' },
    ];
    const { rows, requests } = await runOver(stage, topics, (_, n) => talk(n === 1 ? 2 : 4));
    expect(requests).toHaveLength(3);
    const made = await (miracle.format as Rows).rows({ in: fileOf(rows), seed: 1 });
    expect(made).toHaveLength(8);
    expect(made[1]).toEqual({
      input: ['Question 0: why?', 'Question 1: why?'],
      output: ['Answer 0.', 'Answer 1.'],
      personas: 'kites',
      tag: 1,
    });
    expect(made[4]).toMatchObject({ tag: [0, 1, 1] });
    const polite = fileOf([{ topics: 'a', style: 'polite', conversation: talk(4) }]);
    await expect((miracle.format as Rows).rows({ in: polite, seed: 1 })).rejects.toMatchObject({
      code: 'RAPPORT_E_INPUT_INVALID',
    });
  });
});

const text = `1 your persona: i bake.
2 partner's persona: i sail.
3 hello\thi there\t\tone|two
4 where to?\tnowhere
1 your persona: i draw.
2 partner's persona: i run.
3 __SILENCE__\tgood day
4 and you\twell
`;

describe('personagpt', () => {
  test('the last dialogue of the file is there too, and every utterance has one end (faults of the released script)', async () => {
    const file = fileOf([]);
    writeFileSync(file, text);
    const items = await (personagpt.preprocess as Rows).rows({ in: file, seed: 1 });
    expect(items).toHaveLength(7);
    expect(items.slice(0, 3)).toEqual([
      { dialogue: 0, turn: 0, x: '<|p1|>i sail.<|endoftext|><|sep|>', y: '<|start|>hello<|endoftext|>' },
      {
        dialogue: 0,
        turn: 1,
        x: '<|p2|>i bake.<|endoftext|><|sep|><|start|>hello<|endoftext|>',
        y: 'hi there<|endoftext|>',
      },
      {
        dialogue: 0,
        turn: 2,
        x: '<|p1|>i sail.<|endoftext|><|sep|><|start|>hello<|endoftext|>hi there<|endoftext|>',
        y: 'where to?<|endoftext|>',
      },
    ]);
    // After silence the first to speak is "your" side.
    expect(items[4]).toEqual({
      dialogue: 1,
      turn: 0,
      x: '<|p1|>i draw.<|endoftext|><|sep|>',
      y: '<|start|>good day<|endoftext|>',
    });
    expect(JSON.stringify(items)).not.toContain('<|endoftext|><|endoftext|>');
  });

  test('twenty utterances at most', () => {
    const long = Array.from({ length: 15 }, (_, n) => `${n + 1} a${n}\tb${n}`).join('\n');
    const [only, ...others] = personaDialogues(long);
    expect(others).toEqual([]);
    expect(itemsOf(only as never)).toHaveLength(20);
  });
});
