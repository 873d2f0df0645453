import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../config/root.js';
import { startWebApiDouble, type WebApiDouble } from '../../../doubles/web-api.js';

const root = join(packageRoot, 'adapters/web/page');
let folder: string;
let browser: Browser;
let api: WebApiDouble;
let page: Page;
/** What the browser complained about, and requests to other places. */
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-page-'));
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder },
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  api = await startWebApiDouble(folder);
  api.pieceMs = 1;
  complaints = [];
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url) && !request.url().startsWith('blob:'))
      complaints.push(request.url());
  });
  await page.goto(api.url);
});

afterEach(async () => {
  await page.close();
  await api.stop();
  expect(complaints).toEqual([]);
});

const say = async (text: string): Promise<void> => {
  await page.getByLabel('Write to').fill(text);
  await page.keyboard.press('Enter');
};
const skipToChat = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Skip and just talk' }).click();
  await page.getByLabel('Write to').waitFor();
};

describe('the page', { timeout: 120_000 }, () => {
  it('leads from what is on the mind to a reply and to why it was given', async () => {
    await page.getByLabel('What’s on your mind').fill('I can’t sleep');
    await page.getByText('A little about you').click();
    await page.getByLabel('A few facts').fill('I work nights');
    await page.getByRole('button', { name: 'Find someone to talk to' }).click();
    await page.getByRole('button', { name: 'Talk to Kwabena' }).click();
    await page.getByRole('heading', { level: 1, name: 'Kwabena Asiedu' }).waitFor();
    expect(await page.title()).toBe('Talking to Kwabena Asiedu · Rapport');
    expect(await page.getByText('The built-in voice is speaking').isVisible()).toBe(true);
    expect(
      await page.getByText('is an AI character, not a person').filter({ visible: true }).count(),
    ).toBeGreaterThan(0);
    expect(await page.locator('.line-reply').count()).toBe(1);
    await say('Hello');
    await page.getByText('before you moved?').first().waitFor();
    await page.getByRole('button', { name: 'Why this reply?' }).click();
    await page.getByRole('heading', { name: 'Memories considered' }).waitFor();
    expect(await page.getByText('0.47').isVisible()).toBe(true);
    await page.goto(`${api.url}#/data`);
    await page.getByText('I work nights', { exact: true }).waitFor();
  });

  it('scrolls the conversation, not the page around it', async () => {
    await skipToChat();
    for (let count = 1; count <= 8; count += 1) {
      await say(`Message ${count}`);
      await page
        .locator('.bubble-own')
        .nth(count - 1)
        .waitFor();
      await page.locator('.line-reply').nth(count).waitFor();
    }
    const around =
      'for (const one of [document.documentElement, document.body, ...document.querySelectorAll(".shell, .main")])';
    const grown = await page.evaluate(
      `(() => { const grown = []; ${around} if (one.scrollHeight > one.clientHeight) grown.push(one.className || one.tagName); return grown; })()`,
    );
    expect(grown).toEqual([]);
    expect(
      await page.evaluate(
        '(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)(document.querySelector(".log"))',
      ),
    ).toBe(true);
  });

  it('keeps a message while the server is away and sends it once when it is back', async () => {
    await skipToChat();
    const address = page.url();
    api.down = true;
    await say('Are you there?');
    await page.getByText('Waiting for the connection').waitFor();
    await page.getByText('The connection was lost').waitFor();
    api.down = false;
    await page.getByText('before you moved?').first().waitFor();
    expect(await page.locator('.bubble-own').allTextContents()).toEqual(['Are you there?']);
    await page.goto(address);
    await page.reload();
    await page.getByText('before you moved?').first().waitFor();
    expect(await page.locator('.bubble-own').count()).toBe(1);
  });

  it('F.1: what is recorded and not answered yet is there after a reload and in a second tab', async () => {
    await skipToChat();
    api.held = true;
    const second = await browser.newPage();
    await second.goto(page.url());
    await second.getByLabel('Write to').waitFor();
    await say('Are you there?');
    await second.locator('.bubble-own').waitFor();
    expect(await second.locator('.bubble-own').allTextContents()).toEqual(['Are you there?']);
    await page.reload();
    await page.getByText('Received; the answer is on its way').waitFor();
    expect(await page.locator('.bubble-own').allTextContents()).toEqual(['Are you there?']);
    api.held = false;
    for (const tab of [page, second]) {
      await tab.getByText('before you moved?').first().waitFor();
      expect(await tab.locator('.bubble-own').allTextContents()).toEqual(['Are you there?']);
      expect(await tab.getByText('the answer is on its way').count()).toBe(0);
    }
    await second.close();
  });

  it('shows care notices apart from the character, with helplines to call', async () => {
    await skipToChat();
    await say('helpline please');
    const notice = page.locator('.notice');
    await notice.waitFor();
    expect(await notice.getByRole('link', { name: 'Call 116 123' }).getAttribute('href')).toBe('tel:116123');
    expect(await notice.getByRole('link', { name: 'findahelpline.com' }).getAttribute('rel')).toContain(
      'noopener',
    );
  });

  it('stops a reply and answers anew', async () => {
    await skipToChat();
    api.pieceMs = 500;
    await say('Hello');
    await page.getByRole('button', { name: 'Stop the reply' }).click();
    await page.getByText('Stopped by you').waitFor();
    api.pieceMs = 1;
    await page.getByRole('button', { name: 'Regenerate' }).click();
    await page.getByText('when you wake?').first().waitFor();
    await page.getByText('Stopped by you').waitFor({ state: 'detached' });
  });

  it('leads the talk, once and until turned off', async () => {
    await skipToChat();
    await page.getByRole('button', { name: 'Lead the talk' }).click();
    await page.getByRole('button', { name: 'talk about music' }).click();
    await page.getByRole('button', { name: 'Take “talk about music” out of the line' }).waitFor();
    await page.getByLabel('In your own words').fill('the sea');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take “the sea” out of the line' }).click();
    await page.getByLabel('Until I turn it off').check();
    await page.getByRole('button', { name: 'talk about food' }).click();
    await page.getByRole('button', { name: 'Turn off “talk about food”' }).click();
    await page.getByRole('button', { name: 'Turn off “talk about food”' }).waitFor({ state: 'detached' });
    await say('Hello');
    await page
      .getByRole('button', { name: 'Take “talk about music” out of the line' })
      .waitFor({ state: 'detached' });
  });

  it('F.2: draws code with a copy button, tables, headings and quotes, and nothing runs off the screen', async () => {
    await skipToChat();
    await page.setViewportSize({ width: 420, height: 800 });
    const wide = 'x'.repeat(300);
    await say(`## Plan\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\n${wide} \n\`\`\`\n${wide}`);
    await page.getByRole('button', { name: 'Why this reply?' }).waitFor();
    const own = page.locator('.line-own .bubble').first();
    await own.getByRole('button', { name: 'Copy the code' }).waitFor();
    await own.getByRole('heading', { name: 'Plan' }).waitFor();
    expect(await own.locator('blockquote').textContent()).toBe('quoted');
    expect(await own.getByRole('cell').allTextContents()).toEqual(['1', '2']);
    const box = await own.boundingBox();
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(420);
  });

  it('F.2: moves the focus to "Why this reply?" and back, and Escape closes it from anywhere', async () => {
    await page.setViewportSize({ width: 1400, height: 900 });
    await skipToChat();
    await say('Hello');
    const why = page.getByRole('button', { name: 'Why this reply?' });
    await why.click();
    const heading = page.getByRole('heading', { level: 2, name: 'Why this reply?' });
    await heading.waitFor();
    expect(await heading.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.getByText('It may have sounded').first().waitFor();
    await page.keyboard.press('Escape');
    await heading.waitFor({ state: 'detached' });
    expect(await why.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await why.click();
    await heading.waitFor();
    await page.getByLabel('Write to').focus();
    await page.keyboard.press('Escape');
    await heading.waitFor({ state: 'detached' });
  });

  it('F.2: offers to send again only what may pass', async () => {
    await skipToChat();
    await say('This never passes');
    await page.getByText('Not sent').waitFor();
    expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the draft' }).click();
    expect(await page.getByLabel('Write to').inputValue()).toBe('This never passes');
  });

  it('F.2: on a phone Enter starts a new line', async () => {
    const phone = await browser.newContext({ isMobile: true, hasTouch: true });
    const other = await phone.newPage();
    await other.goto(api.url);
    await other.getByRole('button', { name: 'Skip and just talk' }).click();
    await other.getByLabel('Write to').fill('one');
    await other.keyboard.press('Enter');
    await other.keyboard.type('two');
    expect(await other.getByLabel('Write to').inputValue()).toBe('one\ntwo');
    await other.getByRole('button', { name: 'Send', exact: true }).click();
    await other.locator('.bubble-own').waitFor();
    await phone.close();
  });

  it('says what failed and what can be done', async () => {
    await skipToChat();
    await say('make an error');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('rapport doctor');
  });

  it('erases everything only after the word was typed', async () => {
    await skipToChat();
    await say('Hello');
    await page.getByRole('button', { name: 'Why this reply?' }).waitFor();
    await page.goto(`${api.url}#/data`);
    await page.getByRole('button', { name: 'Erase everything …' }).click();
    const confirm = page.getByRole('button', { name: 'Erase for good' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.keyboard.type('ERASE');
    await confirm.click();
    await page.getByText('Erased: one conversation, ').waitFor();
    await page.goto(`${api.url}#/conversations`);
    await page.getByText('You have not talked to anyone yet.').waitFor();
  });

  it('weighs less than 80 kB, compressed', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async (file) => gzipSync(await readFile(join(file.parentPath, file.name))).length),
    );
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(80_000);
  });
});
