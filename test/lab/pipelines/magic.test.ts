import { describe, expect, test } from 'vitest';
import type { runStage } from '../../../lab/pipelines/engine/run.js';
import { Unreadable } from '../../../lab/pipelines/engine/stage.js';
import { magic } from '../../../lab/pipelines/magic/steps.js';
import { motivationIn, strategyOf } from '../../../lab/pipelines/magic/strategies.js';
import { fileOf, lastOf, runOver } from './run-stage.js';

const row = {
  id: 'd1',
  source: 'own',
  turns: [
    { speaker: 'supporter', text: 'Hello.', strategy: 'Greetings' },
    { speaker: 'seeker', text: 'I lost {my} keys.' },
    { speaker: 'supporter', text: 'Where?', strategy: '[Question]' },
    { speaker: 'seeker', text: 'At home.' },
    { speaker: 'supporter', text: 'Mm.' },
  ],
};
const sentence = (strategy: string, more = 'know more.') =>
  `The motivation of the supporter in choosing the strategy [${strategy}] is to ${more}`;

describe('magic (issue 16 B)', () => {
  test('motivations in hindsight, in the fixed form, with the strategy that was used; rows to train on hide the reply', async () => {
    const { stage } = magic.motivations as { stage: Parameters<typeof runStage>[0] };
    const answers = [
      `Motivation: ${sentence('Greeting', 'be kind.')}`,
      `Motivation: ${sentence('Others')}`,
      'Because of [Question].',
      sentence('Question', 'word '.repeat(50)),
      `\n${sentence('question')}`.replace('question', 'Question'),
    ];
    const { rows, requests } = await runOver<object>(stage, [row], (_, n) => answers[n - 1] ?? '');
    const asked = requests.map(lastOf);
    expect(requests[1]?.messages[0]?.content).toContain(
      '(2) Seeker: I lost {my} keys.\n(3) Supporter: Where? ***[Question]***',
    );
    expect(asked).toHaveLength(5);
    expect(rows).toEqual([
      {
        ...row,
        motivations: [
          { turn: 0, strategy: 'Greeting', motivation: sentence('Greeting', 'be kind.') },
          { turn: 2, strategy: 'Question', motivation: sentence('Question') },
        ],
      },
    ]);
    const { rows: made } = magic.export as {
      rows: (options: { in: string; seed: number }) => Promise<{ instruction: string; output: string }[]>;
    };
    const [only, ...others] = await made({ in: fileOf(rows), seed: 1 });
    expect(others).toEqual([]);
    expect(only?.output).toBe(sentence('Question'));
    expect(only?.instruction).toContain(
      '(1) Supporter: Hello. [Greeting]\n(2) Seeker: I lost {my} keys.\nMotivation:',
    );
    expect(only?.instruction).not.toContain('Where?');
  });

  test('only the completion is read, and labels lose their brackets (faults of the released parser)', () => {
    expect(motivationIn(`Motivation: ${sentence('Self-disclosure')}`)).toMatchObject({
      strategy: 'Self-disclosure',
    });
    // A prompt before it lists every strategy: that is no answer, and not a "Question".
    expect(motivationIn(`[Question], [Others]\n${sentence('Others')}`)).toBeInstanceOf(Unreadable);
    expect(motivationIn('nothing')).toBeInstanceOf(Unreadable);
    expect([strategyOf('Reflection of feelings'), strategyOf('Information'), strategyOf('x')]).toEqual([
      'Reflection of Feelings',
      'Providing Suggestions or Information',
      null,
    ]);
  });
});
