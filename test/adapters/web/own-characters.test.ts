import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankWith } from '../../../characters/bank.js';
import { ImportedCharacters } from '../../../characters/imported.js';
import { sessionId } from '../../../src/ids.js';
import { base64, chunk, png, v3 } from '../../characters/cards/make.js';
import { bank } from '../../session/world.js';
import { Browser, startServer, type TestServer } from './server.js';

interface Brought {
  readonly id: string;
  readonly name: string;
  readonly warnings: readonly string[];
}

describe('characters of people’s own, on the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-own-'));
  const library = new ImportedCharacters(join(folder, 'characters'));
  let server: TestServer;
  let cookie = '';
  beforeAll(async () => {
    server = await startServer({ services: { library, bank: bankWith(bank, library, false) } });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(file: Buffer, name: string): Promise<Response> {
    const response = await fetch(`${server.url}/api/characters/import`, {
      method: 'POST',
      headers: { 'x-rapport': '1', 'x-file-name': encodeURIComponent(name), ...(cookie && { cookie }) },
      body: new Uint8Array(file),
    });
    cookie ||= (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return response;
  }
  const get = (path: string, method = 'GET', own = true): Promise<Response> =>
    fetch(`${server.url}${path}`, { method, headers: { 'x-rapport': '1', ...(own && { cookie }) } });

  it('a card is brought, talked to, and is theirs alone until it is removed', async () => {
    const card = v3({ alternate_greetings: ['Or so, {{user}}.'], creator_notes: '<b>note</b>' });
    const brought = (await (await send(png(chunk.tEXt('ccv3', base64(card))), 'Mía.png')).json()) as Brought;
    expect(brought).toMatchObject({ name: 'Mia', warnings: [] });
    const path = `/api/characters/${brought.id}`;
    expect(await (await get(path)).json()).toMatchObject({
      greetings: ['Hello you, I am Mia.', 'Or so, you.'],
      notes: '<b>note</b>',
      own: true,
      avatar: `faces/${brought.id}`,
    });
    const listed = (await (await get('/api/characters?q=mia')).json()) as { characters: readonly Brought[] };
    expect(listed.characters.map(({ id }) => id)).toContain(brought.id);

    const stranger = new Browser(server.url);
    await stranger.call('GET', path, undefined, 404);
    await stranger.call('POST', '/api/sessions', { characterId: brought.id }, 404);
    expect(JSON.stringify(await stranger.call('GET', '/api/characters?limit=200'))).not.toContain(brought.id);
    await stranger.call('DELETE', path, undefined, 404);

    const face = await get(`/faces/${brought.id}.png`, 'GET', false);
    expect(face.headers.get('content-type')).toBe('image/png');
    expect(face.headers.get('cache-control')).toBe('private, max-age=3600');
    const shown = Buffer.from(await face.arrayBuffer());
    expect(shown.toString('latin1')).toMatch(/IEND/);
    expect(shown.toString('latin1')).not.toMatch(/tEXt|ccv3/);

    const opened = await fetch(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ characterId: brought.id, greeting: 1 }),
    });
    const { session } = (await opened.json()) as { session: { id: string } };
    await fetch(`${server.url}/api/sessions/${session.id}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ id: 'message-1', text: 'Hello' }),
    });
    await server.sessions.settled(sessionId(session.id));
    const page = (await (await get(`/api/sessions/${session.id}`)).json()) as { entries: { text: string }[] };
    expect(page.entries.map(({ text }) => text)).toContain('Or so, you.');
    expect(JSON.stringify(server.model.requests.at(-1))).toContain('<character-card>');

    const exported = await (await get('/api/me/export?format=json')).text();
    expect(exported).toContain('keeps bees');
    expect((await get('/api/me', 'DELETE')).status).toBe(200);
    expect((await get(path)).status).toBe(404);
  });

  it.each([
    ['no card', Buffer.from('RIFF0000WEBPVP8 '), 422, 'RAPPORT_E_CARD_NONE'],
    ['for adults', Buffer.from(JSON.stringify(v3({ tags: ['NSFW'] }))), 403, 'RAPPORT_E_CARD_ADULT'],
    ['too large', Buffer.alloc(13 * 1_048_576, 'x'), 413, 'RAPPORT_E_INPUT_TOO_LARGE'],
  ])('a file that is %s is refused with a code', async (_, file, status, code) => {
    const response = await send(file, 'x.png');
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  it('no more are kept for one person than the operator says', async () => {
    const statuses = [];
    for (let nth = 0; nth < 11; nth += 1)
      statuses.push((await send(Buffer.from(JSON.stringify(v3())), 'x.json')).status);
    expect(statuses.slice(9)).toEqual([201, 409]);
  });

  it('every character has a drawn face', async () => {
    const svg = await get('/faces/maren-voss', 'GET', false);
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(await svg.text()).toMatch(/^<svg .*<\/svg>\n$/s);
    const drawn = Buffer.from(await (await get('/faces/maren-voss.png', 'GET', false)).arrayBuffer());
    expect(drawn.subarray(1, 4).toString()).toBe('PNG');
    expect((await get('/faces/nobody', 'GET', false)).status).toBe(404);
  });
});
