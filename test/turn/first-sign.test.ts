import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import type { Store } from '../../src/state/store.js';
import { bank, talk, temporaryStore, World } from '../session/world.js';

describe('the first sign of an answer', () => {
  let store: Store;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ store, dispose } = await temporaryStore());
  });
  afterEach(() => dispose());

  it('is shown before it is known who will answer, and not again when they begin', async () => {
    let decide = (): void => undefined;
    const decided = new Promise<void>((resolve) => {
      decide = resolve;
    });
    let asked = (): void => undefined;
    const matching = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const scorer: PersonaScorer = {
      kind: 'slow',
      async rank() {
        asked();
        await decided;
        const [character] = bank.all;
        return character ? [{ character, score: 1, reasons: [] }] : [];
      },
    };
    const w = new World(store, { services: { scorer }, capabilities: { typing: true } });
    await w.post('I cannot sleep');
    await matching;
    expect(w.platform.typings).toHaveLength(1);
    decide();
    await w.sessions.settled(talk);
    expect(w.platform.visible).toHaveLength(1);
    expect(w.platform.typings).toHaveLength(1);
  });

  it('is not shown where nobody will write', async () => {
    const w = new World(store, { capabilities: { typing: true } });
    await w.tell('!topic music');
    expect(w.platform.visible).toHaveLength(1);
    expect(w.platform.typings).toHaveLength(0);
  });
});
