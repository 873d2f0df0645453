import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeConversation } from '../../src/commands/conversation.js';
import { explainLastReply } from '../../src/commands/why.js';
import { turnId } from '../../src/ids.js';
import { RuleSummariser } from '../../src/memory/rule-summariser.js';
import type { Summariser } from '../../src/memory/summariser.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import type { TurnTrace } from '../../src/state/trace.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { RollingSummaries } from '../../src/turn/rolling-summary.js';
import { onBothStores } from '../session/both-stores.js';
import { ada, talk, World } from '../session/world.js';

const historyTurns = 10;
/** Of a turn in which nobody was in danger. */
const trace = { stages: [] } as unknown as TurnTrace;

/** What leaves the window is summed up (issue 15 §3). */
onBothStores((open) => {
  let store: Store;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ store, dispose } = await open());
  });
  afterEach(() => dispose());

  const begin = async (
    texts: readonly string[],
    {
      summarisers = [new RuleSummariser()],
      shared = false,
      traced = true,
    }: {
      readonly summarisers?: readonly Summariser[];
      readonly shared?: boolean;
      readonly traced?: boolean;
    } = {},
  ): Promise<{ readonly w: World; again(): Promise<void> }> => {
    const plain = new World(store).services;
    const summaries = new RollingSummaries({
      ...{ store, steering: plain.steering, clock: plain.clock, logger: silentLogger },
      ...{ historyTurns, timeLimitMs: 5_000, summarisersFor: () => summarisers },
    });
    const w = new World(store, { turn: { historyTurns }, services: { summaries } });
    const entries = texts.flatMap((text, n): TranscriptEntry[] => {
      const line = {
        turnId: turnId(talk, n + 1),
        action: 'speaking',
        at: n + 1,
        status: 'complete',
      } as const;
      return [
        { ...line, id: `p${n}`, role: 'seeker', personId: ada, speakerName: 'Ada', text },
        {
          ...line,
          id: `c${n}`,
          role: 'supporter',
          speakerName: 'Maren',
          text: 'I see.',
          ...(traced && { trace }),
        },
      ];
    });
    await w.open('maren-voss');
    const opened = await w.session();
    await store.sessions.remove(talk);
    const turnCount = 3 * Math.ceil(texts.length / 3) - 1;
    await store.sessions.create({ ...opened, createdAt: 1, updatedAt: 1, turnCount, shared }, entries);
    const again = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) await w.tell('Hm.', { shared });
      await summaries.settled(talk);
    };
    await w.tell('Hm.', { shared });
    await summaries.settled(talk);
    return { w, again };
  };
  const filler = (count: number, from = 0): string[] =>
    Array.from({ length: count }, (_, n) => `Grey ${from + n}.`);

  it('stands in the next prompts and in "Why this reply?", and goes with the conversation', async () => {
    const { w } = await begin(['I live in Bern with my brother Tom.', ...filler(20)]);
    expect((await w.session()).summary).toMatchObject({
      ...{ text: 'I live in Bern with my brother Tom.', by: 'rules', from: 1 },
    });
    await w.tell('And now?');
    expect(w.model.prompt).toContain('in short: "I live in Bern with my brother Tom."');
    const why = async (): Promise<string> => JSON.stringify(await explainLastReply(w.services, talk));
    expect(await why()).toContain('I live in Bern with my brother Tom.');
    expect(JSON.stringify((await w.transcript()).flatMap(({ trace }) => trace ?? []))).not.toContain('Bern');
    await removeConversation({ ...w.services, sessions: w.sessions }, talk);
    await w.open('maren-voss');
    await w.tell('And now?');
    expect(w.model.prompt).not.toContain('Bern');
  });

  it('rolls on, by the next summariser where one fails, and waits until enough has left the window', async () => {
    const seen: (string | null)[] = [];
    const model: Summariser = {
      kind: 'model',
      sum: async (before, lines) => {
        seen.push(before);
        if (seen.length > 1) throw new Error('away');
        return `They told ${lines.length} lines.`;
      },
    };
    const { w, again } = await begin(filler(20), { summarisers: [model, new RuleSummariser()] });
    const first = (await w.session()).summary;
    expect(first?.by).toBe('model');
    await again();
    expect((await w.session()).summary).toEqual(first);
    await w.tell('My cat Pixel broke her leg on Sunday.');
    for (let n = 0; n < 5; n += 1) await again();
    expect(seen[1]).toBe(first?.text);
    expect((await w.session()).summary).toMatchObject({ by: 'rules' });
    expect((await w.session()).summary?.text).toContain('Pixel');
    expect((await w.session()).summary?.text).toContain(first?.text ?? '-');
  });

  it('holds nothing of danger, of what was asked to be remembered, and of shared conversations', async () => {
    const { w } = await begin([
      'Please remember my sister is called Quillaja.',
      '!remember I grow the Mirabilis in Bern',
      ...filler(20),
    ]);
    expect((await w.session()).summary?.text ?? '').not.toMatch(/Quillaja|Mirabilis/);
    await store.sessions.remove(talk);
    const shared = await begin(['I live in Bern with my brother Tom.', ...filler(20)], { shared: true });
    expect((await shared.w.session()).summary).toBeUndefined();
  });

  it('holds no line whose reply has no trace: nobody can say that it was calm (memory, 5)', async () => {
    const { w } = await begin(['I live in Bern with my brother Tom.', ...filler(20)], { traced: false });
    expect((await w.session()).summary?.text ?? '').not.toContain('Bern');
  });

  it('nothing of a conversation that went meanwhile comes back, and old lines take it with them', async () => {
    const gone: Summariser = {
      kind: 'model',
      sum: async () => {
        await store.sessions.remove(talk);
        return 'They live in Bern.';
      },
    };
    await begin(filler(20), { summarisers: [gone] });
    expect(await store.sessions.get(talk)).toBeNull();
    const { w } = await begin(['I live in Bern with my brother Tom.', ...filler(20)]);
    expect((await w.session()).summary).toBeDefined();
    await store.expire({ lines: 3 });
    expect((await w.session()).summary).toBeUndefined();
  });
});
