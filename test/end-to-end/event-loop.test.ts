import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeServer, type Server } from '../../app/server.js';
import { loadConfig } from '../../app/settings.js';
import { silentLogger } from '../../src/telemetry/logger.js';

/**
 * No request may keep the process from everything else for longer than 50 ms. Half as much again is allowed here, for a machine whose
 * cores are shared takes longer over the same work.
 */
const longestMs = 75;

/** CPU time of this thread, ms: what other processes take of the machine is no fault of ours. */
function threadMs(): number {
  const [spent = '0'] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(spent) / 1e6;
}

/** The longest stretch that the event loop was held while `work` went on, ms of CPU. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let last = threadMs();
  let longest = 0;
  let on = true;
  const tick = (): void => {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = threadMs();
    if (on) setTimeout(tick, 1);
  };
  tick();
  await work();
  on = false;
  tick();
  return longest;
}

/** Sends from a thread of its own: writing a body of a megabyte is not what is measured. */
const sender = `
const { parentPort } = require('node:worker_threads');
const texts = {
  dots: '.', 'one word': 'a', zalgo: 'z\u0351\u0352\u0353\u0354', emoji: '\u{1F9D1}\u200D\u{1F91D}\u200D\u{1F9D1}',
  CJK: '\u4f60\u597d\u5417', words: 'I want to tell you that my boss said he would ', mentions: '<@123456789012345678> ',
  'broken pairs': '\ud800', 'open brackets': '<[{(',
};
parentPort.on('message', async ({ url, kind, size, place }) => {
  const piece = texts[kind];
  const text = piece.repeat(Math.floor(size / Buffer.byteLength(JSON.stringify(piece)))) || piece;
  const last = { role: 'user', content: 'and now?' };
  const messages = {
    message: [{ role: 'user', content: text }],
    history: [{ role: 'user', content: text }, { role: 'assistant', content: 'I see.' }, last],
    lines: [...Array.from({ length: 600 }, (_, n) => ({ role: 'user', content: text.slice(n * text.length / 600, (n + 1) * text.length / 600) })), last],
  }[place];
  const answer = await fetch(url + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'maren-voss', max_tokens: 8, messages }) });
  await answer.text();
  parentPort.postMessage(answer.status);
});`;

/** A machine that is busy with others makes everything longer: what is held once and not again was not held by us. */
const tries = 4;

describe('the event loop (issue 14, E.1)', () => {
  let server: Server;
  let dataDir: string;
  let worker: Worker;
  const send = (kind: string, size: number, place: string): Promise<number> =>
    new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage({ url: server.http.url, kind, size, place });
    });
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-loop-'));
    const env = { RAPPORT_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' };
    server = await composeServer(loadConfig(env, dataDir), silentLogger);
    worker = new Worker(sender, { eval: true });
    await server.core.models.embedded().warm();
    for (let n = 0; n < 3; n += 1) await send('words', 300, 'message');
  }, 120_000);
  afterAll(async () => {
    await worker.terminate();
    await server.close(0);
    rmSync(dataDir, { recursive: true, force: true });
  });

  const kinds = [
    'dots',
    'one word',
    'zalgo',
    'emoji',
    'CJK',
    'words',
    'mentions',
    'broken pairs',
    'open brackets',
  ];
  it.each(kinds)(
    'is held by no request with much of it: %s',
    async (kind) => {
      for (const [place, size] of [
        ['message', 15_000],
        ['message', 1_000_000],
        ['history', 1_400_000],
        ['lines', 1_400_000],
      ] as const) {
        const held: number[] = [];
        do
          held.push(
            await longestHold(async () => {
              expect(await send(kind, size, place)).toBeOneOf([200, 413]);
            }),
          );
        while (Math.min(...held) > longestMs && held.length < tries);
        expect([place, size, Math.round(Math.min(...held)) <= longestMs, held]).toEqual([
          place,
          size,
          true,
          held,
        ]);
      }
    },
    120_000,
  );
});
