import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHumans } from '../../app/alerts.js';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/state/store.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { ada, say, talk, temporaryStore } from '../session/world.js';

const address = { platform: 'discord', channel: 'dm' };
let store: Store;
let dispose: () => Promise<void>;
beforeEach(async () => {
  ({ store, dispose } = await temporaryStore());
});
afterEach(() => dispose());

it.each([
  [200, '{"taken": true}', 'care.human.taken'],
  [204, '', 'care.human.toldNote'],
  [500, '', 'care.human.failed'],
  // More than is read of an answer (issue 13 §2).
  [200, `{"taken": true, "more": "${'x'.repeat(10_000)}"}`, 'care.human.toldNote'],
  [200, 'no JSON', 'care.human.toldNote'],
])('a webhook that answers %i %s', async (status, body, key) => {
  const got: unknown[] = [];
  let signature = '';
  let sent = '';
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      got.push(JSON.parse(text));
      sent = text;
      signature = String(request.headers['x-rapport-signature']);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const humans = createHumans({
      config: { to: [{ webhook: `http://127.0.0.1:${port}/alert` }], note: true, escalateMinutes: 10 },
      secret: 'a secret of both',
      store,
      say,
      clock: systemClock,
      logger: silentLogger,
      adapters: new Map(),
    });
    expect(await humans.ask({ person: ada, session: talk, address, name: 'Ada', note: 'call 1' })).toBe(
      say(key),
    );
    expect(got[0]).toEqual({
      alert: '1',
      person: ada,
      name: 'Ada',
      text: `Ada (${ada}) would like to talk to a human being.\nThey left this for you: call 1`,
    });
    const [, at = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(mac).toBe(createHmac('sha256', 'a secret of both').update(`${at}.${sent}`).digest('hex'));
    expect(Math.abs(Number(at) * 1_000 - systemClock.now())).toBeLessThan(60_000);
  } finally {
    server.close();
  }
});
