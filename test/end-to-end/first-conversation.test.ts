import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { type ModelServer, startModelServer } from '../doubles/model-server.js';
import { type RapportProcess, startRapport } from '../doubles/rapport-process.js';

const reply = 'That is a long time to lie awake. What goes through your head when the house is quiet?';
let folder: string;
let browser: Browser;
let model: ModelServer;
let rapport: RapportProcess;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const { build } = (await import(pathToFileURL(join(packageRoot, 'scripts/build.mjs')).href)) as {
    build: () => Promise<void>;
  };
  await build();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-e2e-'));
  model = await startModelServer({ behaviour: { reply, ttftMs: 5, tokenMs: 2 } });
  rapport = await startRapport({
    RAPPORT_DATA_DIR: folder,
    MODEL_BASE_URL: model.url,
    MODEL_NAME: 'test-model',
  });
  complaints.length = 0;
  page = await browser.newPage({ locale: 'en-GB', timezoneId: 'Europe/London' });
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_CONNECTION/.test(message.text()))
      complaints.push(message.text());
  });
}, 60_000);

afterEach(async () => {
  await page.close();
  await rapport.stop();
  await model.stop();
  await rm(folder, { recursive: true, force: true });
  expect(complaints).toEqual([]);
});

/** From the first form to an open conversation with the best match. */
async function openConversation(): Promise<void> {
  await page.goto(rapport.url);
  await page.getByLabel('What’s on your mind').fill('My husband died in spring and I have not slept since.');
  await page.getByRole('button', { name: 'Find someone to talk to' }).click();
  await page
    .getByRole('button', { name: /^Talk to / })
    .first()
    .click();
  await page.getByLabel('Write to').waitFor();
}

async function say(text: string): Promise<void> {
  await page.getByLabel('Write to').fill(text);
  await page.keyboard.press('Enter');
}

describe('the first conversation in a real browser', { timeout: 120_000 }, () => {
  it('goes from a worry to a matched character, a streamed reply and the reasons for it', async () => {
    await openConversation();
    expect(await page.locator('body').textContent()).toContain('AI');
    await say('I lie there and listen to the fridge.');
    await page.getByText(reply).first().waitFor();
    await page.getByRole('button', { name: 'Why this reply?' }).first().click();
    await page.getByRole('heading', { name: 'Memories considered' }).waitFor();
    const [asked] = model.requests.filter(({ path }) => path.endsWith('/chat/completions'));
    expect(JSON.stringify(asked?.body)).toContain('listen to the fridge');
    await page.reload();
    await page.getByText(reply).first().waitFor();
    expect(await page.locator('.bubble-own').count()).toBe(1);
  });

  it('answers a crisis itself: no model is asked', async () => {
    await openConversation();
    await say('I want to kill myself');
    // The browser's time zone tells whose helplines.
    await page.getByText('Samaritans').first().waitFor();
    expect(model.requests.filter(({ path }) => path.endsWith('/completions'))).toEqual([]);
  });

  it('resumes after a crash in the middle of a reply: nothing lost, nothing twice', async () => {
    await openConversation();
    model.behaviour = { reply, ttftMs: 5, tokenMs: 400 };
    await say('Are you still there?');
    await page.getByText('That is').first().waitFor();
    const { port } = new URL(rapport.url);
    await rapport.crash();
    model.behaviour = { reply, ttftMs: 5, tokenMs: 2 };
    rapport = await startRapport({
      RAPPORT_DATA_DIR: folder,
      MODEL_BASE_URL: model.url,
      MODEL_NAME: 'test-model',
      PORT: port,
    });
    await page.getByRole('button', { name: 'Why this reply?' }).first().waitFor({ timeout: 60_000 });
    await page.reload();
    await page.getByText(reply).first().waitFor();
    expect(await page.locator('.bubble-own').count()).toBe(1);
    const session = page.url().split('#/chat/')[1];
    const { entries } = (await page.evaluate(
      async (id) => (await fetch(`/api/sessions/${id}`)).json(),
      session,
    )) as {
      entries: { role: string; text: string; turnId: string }[];
    };
    expect(
      entries
        .filter(({ role, turnId }) => role === 'supporter' && turnId.endsWith('#1'))
        .map(({ text }) => text),
    ).toEqual([reply]);
  });
});
