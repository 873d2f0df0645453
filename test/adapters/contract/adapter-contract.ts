import { describe, expect, it, vi } from 'vitest';
import type { OutgoingMessage, PlatformAdapter, ReplyAddress } from '../../../src/delivery/adapter.js';
import { type Refusal, readRefusal } from '../../../src/delivery/refusal.js';
import { type PersonId, type SessionId, turnId } from '../../../src/ids.js';
import type { SessionManager } from '../../../src/session/session-manager.js';
import type { SessionState } from '../../../src/state/session.js';
import type { Store } from '../../../src/state/store.js';
import { saveProfile } from '../../doubles/save-profile.js';
import { type ScriptedModel, says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';

/** One process of Rapport on a platform, with somebody who writes to it. */
export interface AdapterUnderTest {
  readonly adapter: PlatformAdapter;
  readonly store: Store;
  readonly sessions: SessionManager;
  readonly model: ScriptedModel;
  readonly person: PersonId;
  readonly session: SessionId;
  /** Characters one message may hold on the platform, with whatever the adapter puts around a text. */
  readonly platformChars: number;
  /** The person writes. Resolves once the platform was told that the message has arrived. */
  write(text: string): Promise<unknown>;
  /** The person writes once, and the platform tells of it twice; absent where nothing is ever told again. */
  writeTwice?(text: string): Promise<unknown>;
  /** What the app has said in the conversation so far, oldest first, as the person sees it. */
  shown(): readonly string[];
  /** The person stops the reply that is being written. */
  pressStop(): Promise<unknown>;
  /** Ways in which the platform does not accept the next post; absent where nothing lies between. */
  readonly faults?: {
    /** For good: the place is gone, or the app may not write there. */
    refuseForGood(): void;
    refuseForNow(): void;
    /** The post takes place, its answer is lost. */
    loseAnswer(): void;
  };
  /** Waits for messages at an address where nobody waits by themselves. */
  watch?(address: ReplyAddress): void;
  /** Ends the process as SIGTERM does, and then what stands in for the platform. */
  close(): Promise<void>;
}

const sentences = Array.from({ length: 150 }, (_, n) => `This is sentence number ${n} of a long story. `);

/**
 * What every platform promises the core (src/delivery/adapter.ts). `open` starts a process of its own for each test.
 * An adapter that passes is delivered to rightly: all that differs is read from its capabilities.
 */
export function adapterContract(open: () => Promise<AdapterUnderTest>): void {
  const test = (name: string, body: (subject: AdapterUnderTest) => Promise<void>): void => {
    it(name, async () => {
      const subject = await open();
      try {
        await body(subject);
      } finally {
        await subject.close();
      }
    });
  };

  describe('capabilities', () => {
    test('are figures that a reply can be planned with', async ({ adapter }) => {
      const { maxChars, minEditIntervalMs, rate, typing, idempotentSend } = adapter.capabilities;
      expect(maxChars).toBeGreaterThanOrEqual(100);
      expect(minEditIntervalMs).toBeGreaterThanOrEqual(0);
      expect(rate.burst).toBeGreaterThanOrEqual(1);
      expect(rate.refillMs).toBeGreaterThan(0);
      // Whoever promises an indicator has one, and a post of which nothing is known can be told from one that failed.
      if (typing) expect(adapter.typing).toBeTypeOf('function');
      expect(idempotentSend || adapter.findReceipt !== undefined).toBe(true);
    });
  });

  describe('what a person writes', () => {
    test('is recorded once and answered once', async (subject) => {
      await subject.write('I lost my job');
      await answered(subject);
      expect(await lines(subject)).toEqual(['seeker: I lost my job', 'supporter: I hear you. Tell me more.']);
      await seen(() => expect(subject.shown().join('\n')).toContain('I hear you. Tell me more.'));
      expect(subject.model.requests).toHaveLength(1);
    });

    test('names its platform in the person, the conversation and the address', async (subject) => {
      await subject.write('hello');
      await answered(subject);
      const { name } = subject.adapter;
      const { id, ownerId, platform, address } = await state(subject);
      expect(id.startsWith(`${name}:`)).toBe(true);
      expect(ownerId).toBe(subject.person);
      expect(ownerId.startsWith(`${name}:`)).toBe(true);
      expect([platform, address.platform]).toEqual([name, name]);
      // It is stored and read back by a process that knows nothing of this one.
      expect(JSON.parse(JSON.stringify(address))).toEqual(address);
    });

    test('is acknowledged only once it is recorded', async (subject) => {
      const recording = gate();
      const receive = subject.sessions.receive.bind(subject.sessions);
      const watched = vi.spyOn(subject.sessions, 'receive').mockImplementation(async (message) => {
        await recording.opened;
        return receive(message);
      });
      let isAcknowledged = false;
      const acknowledged = subject.write('hello').then(() => {
        isAcknowledged = true;
      });
      await vi.waitFor(() => expect(watched).toHaveBeenCalled());
      // Whatever the adapter does meanwhile has its turn.
      await new Promise(setImmediate);
      expect(isAcknowledged).toBe(false);
      recording.open();
      await acknowledged;
      await answered(subject);
    });

    test('and is told of twice, counts once', async (subject) => {
      if (!subject.writeTwice) return;
      await subject.writeTwice('hello');
      await subject.write('and now?');
      await answered(subject, 2);
      expect((await lines(subject)).filter((line) => line === 'seeker: hello')).toHaveLength(1);
      expect(subject.model.requests).toHaveLength(2);
    });

    test('stays in its order', async (subject) => {
      for (const text of ['one', 'two', 'three']) await subject.write(text);
      await vi.waitFor(async () => {
        const written = (await lines(subject)).filter((line) => line.startsWith('seeker'));
        expect(written).toEqual(['seeker: one', 'seeker: two', 'seeker: three']);
      });
      await subject.sessions.settled(subject.session);
    });

    test('is kept nowhere while they have paused', async (subject) => {
      await saveProfile(subject.store, {
        personId: subject.person,
        persona: { facts: [] },
        paused: true,
        createdAt: 0,
        updatedAt: 0,
      });
      await subject.write('nobody should read this').catch(() => undefined);
      await subject.sessions.settled(subject.session);
      expect(await lines(subject)).toEqual([]);
      expect(await subject.store.inbox.count(subject.session)).toBe(0);
      expect(subject.model.requests).toHaveLength(0);
    });
  });

  describe('a reply', () => {
    test('holds nothing that turns or breaks what is shown (issue 14, C.3)', async (subject) => {
      subject.model.next(
        says('I \u202Ehear\u0007\u001B you \ud83d', '\ude42 \ud800', 'or\r', '\nnot\u2066.'),
      );
      await subject.write('hello');
      await answered(subject);
      const clean = 'I hear you \u{1F642} \uFFFDor\nnot.';
      expect(await lines(subject)).toEqual(['seeker: hello', `supporter: ${clean}`]);
      await seen(() => expect(subject.shown().join('\n')).toContain('I hear you \u{1F642} \uFFFDor'));
      expect(subject.shown().join('\n')).not.toMatch(/\p{Surrogate}|\u202E|\u2066/u);
    });

    test('stands whole and in order, no message longer than the platform takes', async (subject) => {
      subject.model.next(says(...sentences));
      const written = subject.write('tell me a story');
      await answered(subject);
      await written;
      await seen(() => {
        const told = [
          ...subject
            .shown()
            .join(' ')
            .matchAll(/sentence number (\d+) of/g),
        ];
        expect(told.map(([, n]) => Number(n))).toEqual(sentences.map((_, n) => n));
      });
      for (const text of subject.shown()) expect(text.length).toBeLessThanOrEqual(subject.platformChars);
    });

    test('grows in place while it is written, where messages can be changed', async (subject) => {
      if (!subject.adapter.capabilities.canEdit) return;
      const more = gate();
      subject.model.next(waits('One two three. ', more.opened, 'Four.'));
      const written = subject.write('count');
      await seen(() => expect(subject.shown().join()).toContain('One two three.'));
      more.open();
      await answered(subject);
      await written;
      await seen(() => {
        const shown = subject.shown().filter((text) => text.includes('One two three.'));
        expect(shown).toEqual([expect.stringMatching(/One two three\. Four\.$/)]);
      });
    });

    test('ends where the person stops it, and keeps what was said', async (subject) => {
      subject.model.next(waits('One two three. ', new Promise(() => undefined)));
      const written = subject.write('count');
      await seen(() => expect(subject.shown().join()).toContain('One two three.'));
      await subject.pressStop();
      await written.catch(() => undefined);
      await vi.waitFor(async () => {
        const { entries } = await subject.store.transcript.page(subject.session, { limit: 9 });
        const reply = entries.at(-1);
        expect(reply).toMatchObject({ role: 'supporter', status: 'stopped', text: 'One two three.' });
      }, patience);
      await subject.write('and now?');
      await answered(subject, 2);
    });

    test('can be changed by what its receipt says, in one message', async (subject) => {
      const { adapter, message, address } = await posting(subject);
      const receipt = await adapter.post(address, message('Once'), nonce);
      expect(receipt.platformMessageId).not.toBe('');
      expect(receipt.at).toBeGreaterThan(0);
      if (!adapter.capabilities.canEdit) return;
      await adapter.edit(address, receipt, message('Once upon a time.', { final: true, last: true }));
      await seen(() => {
        const shown = subject.shown().filter((text) => text.includes('Once'));
        expect(shown).toEqual([expect.stringContaining('Once upon a time.')]);
      });
    });

    test('is said once where the platform took it and its answer was lost', async (subject) => {
      const { adapter, message, address } = await posting(subject);
      const said = message('Said once.', { final: true, last: true });
      if (subject.faults) {
        subject.faults.loseAnswer();
        const refusal = await refusalOf(adapter.post(address, said, nonce));
        expect(refusal).toMatchObject({ permanent: false });
        // Whoever drops a second post of the same nonce need not say that the first may have been taken.
        expect(refusal.ambiguous || adapter.capabilities.idempotentSend || adapter.findReceipt).toBeTruthy();
      } else await adapter.post(address, said, nonce);
      const found = (await adapter.findReceipt?.(address, nonce)) ?? null;
      if (!found) {
        expect(adapter.capabilities.idempotentSend).toBe(true);
        await adapter.post(address, said, nonce);
      }
      await seen(() => expect(subject.shown().filter((text) => text.includes('Said once.'))).toHaveLength(1));
    });

    test('that never stood is not found', async (subject) => {
      const { adapter, address } = await posting(subject);
      expect((await adapter.findReceipt?.(address, nonce)) ?? null).toBeNull();
    });

    test('that is refused for good is told from one that may be tried again', async (subject) => {
      const { faults } = subject;
      if (!faults) return;
      const { adapter, message, address } = await posting(subject);
      const whole = { final: true, last: true };
      faults.refuseForGood();
      const lasting = await refusalOf(adapter.post(address, message('Ever?', whole), nonce));
      expect(lasting).toMatchObject({ permanent: true, ambiguous: false });
      expect(lasting.reason).not.toBe('');
      faults.refuseForNow();
      const passing = await refusalOf(adapter.post(address, message('Now?', whole), `${nonce.slice(1)}2`));
      expect(passing).toMatchObject({ permanent: false });
    });

    test('asks and shows signs of itself without ever failing', async (subject) => {
      const { adapter, address } = await posting(subject);
      expect(adapter.allowsPost?.(address) ?? true).toBeTypeOf('boolean');
      if (adapter.capabilities.typing) await adapter.typing?.(address);
    });
  });

  it('leaves nothing running once it has stopped', async () => {
    const before = running();
    const subject = await open();
    await subject.write('hello');
    await answered(subject);
    await subject.close();
    await seen(() => {
      for (const [kind, count] of Object.entries(running()))
        expect([kind, count]).toEqual([kind, Math.min(count, before[kind] ?? 0)]);
    });
  });

  it('stops while a reply is being written', async () => {
    const subject = await open();
    subject.model.next(waits('One two three. ', new Promise(() => undefined)));
    const written = subject.write('count').catch(() => undefined);
    await subject.model.asked(1);
    await subject.close();
    await written;
  });
}

/** The machine may be busy; nothing here depends on how long anything takes. */
const patience = { timeout: 10_000, interval: 10 };
const nonce = '0123456789abcdefghijklmn';

/** Resolves once it holds; what is sent to a screen gets there in its own time. */
const seen = (check: () => void): Promise<void> => vi.waitFor(check, patience);

/** Resolves once so many messages were answered and nothing is left to do. */
async function answered(subject: AdapterUnderTest, count = 1): Promise<void> {
  await vi.waitFor(async () => {
    const replies = (await lines(subject)).filter((line) => line.startsWith('supporter'));
    expect(replies).toHaveLength(count);
  }, patience);
  await subject.sessions.settled(subject.session);
}

/** What person and character have said, as `role: text`, from the person's first line on. */
async function lines({ store, session }: AdapterUnderTest): Promise<string[]> {
  const { entries } = await store.transcript.page(session, { limit: 100 });
  const first = entries.findIndex(({ role }) => role === 'seeker');
  const own = entries.slice(first < 0 ? entries.length : first).filter(({ role }) => role !== 'notice');
  return own.map(({ role, text }) => `${role}: ${text}`);
}

async function state({ store, session }: AdapterUnderTest): Promise<SessionState> {
  const found = await store.sessions.get(session);
  if (!found) throw new Error(`there is no session ${session}`);
  return found;
}

/** A conversation that has begun, and messages of its next turn. */
async function posting(subject: AdapterUnderTest): Promise<{
  readonly adapter: PlatformAdapter;
  readonly address: SessionState['address'];
  readonly message: (text: string, more?: Partial<OutgoingMessage>) => OutgoingMessage;
}> {
  await subject.write('hello');
  await answered(subject);
  const { address } = await state(subject);
  subject.watch?.(address);
  return {
    address,
    adapter: subject.adapter,
    message: (text, more = {}) => ({
      text,
      speaker: { name: 'Mara' },
      kind: 'reply',
      final: false,
      last: false,
      turnId: turnId(subject.session, 2),
      sessionId: subject.session,
      ...more,
    }),
  };
}

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown === null) throw new Error('the platform accepted it');
  return readRefusal(thrown);
}

/** Servers, sockets and timers that keep this process alive. */
function running(): Record<string, number> {
  const counted = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
  const now = process.getActiveResourcesInfo();
  return Object.fromEntries(counted.map((kind) => [kind, now.filter((one) => one === kind).length]));
}
