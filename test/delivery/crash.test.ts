import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/delivery/deliver.js';
import { resumeDelivery } from '../../src/delivery/resume.js';
import { emptiedText } from '../../src/delivery/segment-sender.js';
import type { PlatformOptions } from '../doubles/platform-double.js';
import { type Script, Setting, said, words } from './setting.js';

const small = { maxChars: 90, minEditIntervalMs: 100, rate: { burst: 50, refillMs: 10 } };
const platforms: Record<string, PlatformOptions> = {
  'nonce dedupe': { capabilities: { ...small, idempotentSend: true } },
  findReceipt: { findReceipt: true, capabilities: { ...small, idempotentSend: false } },
  both: { findReceipt: true, capabilities: { ...small, idempotentSend: true } },
  'findReceipt, edits for 800 ms': {
    findReceipt: true,
    capabilities: { ...small, idempotentSend: false, messageMaxAgeMs: 800 },
  },
};
const never = new Promise<never>(() => undefined);

/**
 * The process dies at step `at`: before or after any call of the store or the platform takes effect, everything it
 * does from then on hangs for ever. Returns how many steps there were.
 */
function dieAt(setting: Setting, at: number): () => number {
  let steps = 0;
  const gate = async (): Promise<void> => {
    steps += 1;
    if (steps >= at) await never;
  };
  setting.store.gate = gate;
  setting.platform.gate = gate;
  return () => steps;
}

/** A new process: takes the turn up, regenerating with `script` where the old reply was not whole. Returns what was said. */
async function recover(setting: Setting, script: Script): Promise<string> {
  const segments = setting.store.pending;
  const taken = await resumeDelivery({ ...setting.context, segments });
  if (taken.outcome === 'delivered') return taken.text;
  const fresh = new AbortController();
  const result = await deliver(setting.options(script, { resume: taken.resume, signal: fresh.signal }));
  return result.text;
}

/** Runs until the end or until the process has died (nothing moves any more). */
async function untilEndOrDeath(setting: Setting, run: Promise<unknown>): Promise<void> {
  run.catch(() => undefined);
  let over = false;
  void run.finally(() => {
    over = true;
  });
  for (let ms = 0; ms < 60_000 && !over; ms += 250) await setting.clock.advance(250);
}

function check(setting: Setting, text: string): void {
  const nonces = setting.platform.messages.map((message) => message.nonce);
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(setting.store.pending.every((row) => row.final)).toBe(true);
  const seen = setting.platform.visible.filter((shown) => shown !== emptiedText);
  if (setting.platform.capabilities.messageMaxAgeMs === undefined) expect(seen.join(' ')).toBe(text);
  else {
    // What can no longer be edited when the next process comes has to stay; the reply follows it whole.
    const rows = setting.store.pending.filter((row) => row.text !== '');
    expect(rows.map((row) => row.text).join(' ')).toBe(text);
    for (const row of rows) expect(seen).toContain(row.text);
  }
}

const first = words(30, 60, 'old');
const longer = words(45, 60, 'new');
const shorter = words(12, 60, 'brief');

/** A whole reply of several messages that comes at once: most rows are first written when it ends. */
const burst: Script = [[60, said(words(60, 0, 'old'))]];

async function stepsOf(options: PlatformOptions, script: Script): Promise<number> {
  const setting = new Setting(options);
  const steps = dieAt(setting, Number.POSITIVE_INFINITY);
  await setting.clock.until(deliver(setting.options(script)));
  check(setting, said(script));
  return steps();
}

describe.each(Object.entries(platforms))('a crash at every step, %s', (_name, options) => {
  // Without findReceipt nobody can know of a message that the shorter reply no longer needs and whose receipt was lost.
  const again = options.findReceipt ? [longer, shorter] : [longer];

  it.each([
    ['a steady stream', first, 30],
    ['a burst', burst, 20],
  ])('loses nothing and says nothing twice: %s', async (_kind, before, fewest) => {
    const steps = await stepsOf(options, before);
    expect(steps).toBeGreaterThan(fewest);
    let regenerated = 0;
    for (let at = 1; at <= steps; at += 1) {
      for (const script of again) {
        const setting = new Setting(options);
        dieAt(setting, at);
        await untilEndOrDeath(setting, deliver(setting.options(before)));
        dieAt(setting, Number.POSITIVE_INFINITY);
        const text = await setting.clock.until(recover(setting, script));
        if (text === said(script)) regenerated += 1;
        else expect(text).toBe(said(before));
        check(setting, text);
      }
    }
    expect(regenerated).toBeGreaterThan(5);
    expect(regenerated).toBeLessThan(steps * again.length);
  });

  it('nor when the second process dies too', async () => {
    const steps = await stepsOf(options, first);
    for (let at = 3; at <= steps; at += 9) {
      for (let then = 1; then <= 60; then += 7) {
        const setting = new Setting(options);
        dieAt(setting, at);
        await untilEndOrDeath(setting, deliver(setting.options(first)));
        dieAt(setting, then);
        await untilEndOrDeath(setting, recover(setting, longer));
        dieAt(setting, Number.POSITIVE_INFINITY);
        const third = words(50, 60, 'third');
        const text = await setting.clock.until(recover(setting, third));
        expect([said(first), said(longer), said(third)]).toContain(text);
        check(setting, text);
      }
    }
  });
});
