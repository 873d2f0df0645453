import { describe, expect, it } from 'vitest';
import { LayeredJudge } from '../../src/care/layered-judge.js';
import type { ContextTurn, Grade, Reading, RiskJudge, RiskReader } from '../../src/care/risk-judge.js';
import { grades } from '../../src/care/risk-judge.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { FakeClock } from '../doubles/fake-clock.js';

const reading = (risk: number, grade: Exclude<Grade, 'none'> = 'ideation'): Reading => ({
  grades: grades.map((one) => (one === 'none' ? 1 - risk : one === grade ? risk : 0)),
  kinds: [1 - risk, risk, 0, 0, 0, 0, 0],
});
const readerOf = (found: Reading): RiskReader => ({ read: async () => found });

function judgeWith(reader: RiskReader | null, second: RiskJudge | null = null, threshold = 0.5) {
  const clock = new FakeClock();
  const secondReader = second && { judge: second, from: 0.2, timeLimitMs: 100 };
  return { clock, judge: new LayeredJudge({ reader, secondReader, threshold, clock, logger: silentLogger }) };
}

const talk = (...lines: string[]): ContextTurn[] =>
  lines.map((line) =>
    line.startsWith('B: ') ? { by: 'character', text: line.slice(3) } : { by: 'person', text: line },
  );

describe('the layers of the judgement', () => {
  it('rules decide alone where there is no reader', async () => {
    const { judge } = judgeWith(null);
    expect(await judge.judge('I want to die')).toMatchObject({
      grade: 'ideation',
      kind: 'suicide',
      by: 'rules',
    });
    expect(await judge.judge('I gave my neighbour the spare key')).toMatchObject({
      grade: 'none',
      kind: null,
    });
  });

  it('a reader that fails, or never answers, leaves the rules', async () => {
    const failing = judgeWith({ read: () => Promise.reject(new Error('no such file')) });
    expect(await failing.judge.judge('I want to die')).toMatchObject({ grade: 'ideation', by: 'rules' });
    const hanging = judgeWith({ read: () => new Promise(() => undefined) });
    const found = hanging.judge.judge('I want to die', { timeLimit: 50 });
    await hanging.clock.advance(50);
    expect(await found).toMatchObject({ grade: 'ideation', by: 'rules' });
  });

  it('a hint that no rule knows is the reader’s', async () => {
    const { judge } = judgeWith(readerOf(reading(0.9, 'plan')));
    expect(await judge.judge('Somebody has found the jar.')).toMatchObject({
      grade: 'plan',
      kind: 'suicide',
      by: 'reader',
    });
  });

  it('an explicit statement is a risk although the reader doubts it', async () => {
    const { judge } = judgeWith(readerOf(reading(0.3)));
    expect(await judge.judge('I want to kill myself')).toMatchObject({ grade: 'ideation', kind: 'suicide' });
  });

  it('an idiom takes the reader down, not away', async () => {
    const message = 'my exams are killing me';
    expect((await judgeWith(readerOf(reading(0.6))).judge.judge(message)).grade).toBe('none');
    expect((await judgeWith(readerOf(reading(0.95))).judge.judge(message)).grade).toBe('ideation');
  });

  it('the threshold is the operator’s', async () => {
    const found = readerOf(reading(0.4));
    expect((await judgeWith(found).judge.judge('so it goes')).grade).toBe('none');
    expect((await judgeWith(found, null, 0.3).judge.judge('so it goes')).grade).toBe('ideation');
  });

  it.each([
    ['none', 0.45, 'none'],
    ['plan', 0.9, 'ideation'],
    ['none', 0.9, 'ideation'],
  ] as const)(
    'a second reader that says %s of %d leaves %s: it only raises, and nobody in danger waits for it (issue 13 §1 d)',
    async (grade, risk, left) => {
      let asked = 0;
      const kind = grade === 'none' ? null : ('suicide' as const);
      const second: RiskJudge = {
        judge: async () => {
          asked += 1;
          return { grade, kind, probability: 0.9, by: 'second-reader' };
        },
      };
      expect((await judgeWith(readerOf(reading(risk)), second).judge.judge('hm')).grade).toBe(left);
      expect(asked).toBe(risk < 0.5 ? 1 : 0);
      // Without the first reader it is none.
      await judgeWith(null, second).judge.judge('hm');
      expect(asked).toBe(risk < 0.5 ? 1 : 0);
    },
  );

  it('a second reader that fails or hangs leaves the first', async () => {
    const failing: RiskJudge = { judge: () => Promise.reject(new Error('away')) };
    expect((await judgeWith(readerOf(reading(0.45)), failing).judge.judge('hm')).grade).toBe('none');
    const hanging = judgeWith(readerOf(reading(0.45)), { judge: () => new Promise(() => undefined) });
    const found = hanging.judge.judge('hm');
    await expect
      .poll(() => hanging.clock.advance(100).then(() => Promise.race([found, null])))
      .toMatchObject({ grade: 'none' });
  });

  it('a second reader is asked only in doubt and never decides alone', async () => {
    let asked = 0;
    const second: RiskJudge = {
      judge: async () => {
        asked += 1;
        return { grade: 'ideation', kind: 'suicide', probability: 0.9, by: 'second-reader' };
      },
    };
    expect((await judgeWith(readerOf(reading(0.05)), second).judge.judge('hm')).grade).toBe('none');
    expect(asked).toBe(0);
    expect(await judgeWith(readerOf(reading(0.45)), second).judge.judge('hm')).toMatchObject({
      grade: 'ideation',
      by: 'second-reader',
    });
    expect(asked).toBe(1);
  });

  it.each([
    [talk('I want to kill', 'B: Kill what?'), 'myself', 'suicide'],
    [talk('I have all these pills here', 'B: What did you do?'), 'I took all of them', 'medical'],
    [talk('not great', 'B: Are you thinking about ending your life?'), 'yes', 'suicide'],
    [talk('I am scared of him', 'B: Has he hit you?'), 'sometimes', 'abuse'],
  ] as const)('the turns before decide: %j, %s', async (context, message, kind) => {
    const { judge } = judgeWith(null);
    expect((await judge.judge(message, { context })).kind).toBe(kind);
  });

  it.each([
    [talk('I want to kill', 'B: Kill what?'), 'an hour before the train'],
    [talk('grandma made cookies', 'B: Did you leave some?'), 'I took all of them'],
    [talk('not great', 'B: Do you sleep well?'), 'yes'],
  ] as const)('the same words after other turns: %j, %s', async (context, message) => {
    const { judge } = judgeWith(null);
    expect((await judge.judge(message, { context })).grade).toBe('none');
  });
});
