import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../../adapters/platform.js';
import { slackChecks } from '../../../adapters/slack/doctor.js';
import { InstallationStore, TokenCipher } from '../../../adapters/slack/install/installation-store.js';
import { loadConfig } from '../../../app/settings.js';
import { openStore } from '../../../app/store.js';
import type { LoadedConfig } from '../../../config/load.js';
import { systemClock, systemRandom } from '../../../src/clock.js';
import { openEmbeddedStore } from '../../../state/embedded/embedded-store.js';
import { type SlackDouble, startSlack } from '../../doubles/slack/slack.js';

describe('doctor looks at Slack', () => {
  let slack: SlackDouble;
  let dataDir: string;
  beforeEach(async () => {
    slack = await startSlack();
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-slack-doctor-'));
  });
  afterEach(async () => {
    await slack.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const loaded = (env: NodeJS.ProcessEnv): LoadedConfig => {
    const found = loadConfig({ RAPPORT_DATA_DIR: dataDir, ...env }, dataDir);
    return { ...found, config: { ...found.config, slack: { ...found.config.slack, apiUrl: slack.apiUrl } } };
  };
  const examine = async (env: NodeJS.ProcessEnv): Promise<Record<string, Check>> => {
    const found = loaded(env);
    const checks = await slackChecks(found, () => openStore(found));
    return Object.fromEntries(checks.map((check) => [check.name, check]));
  };
  const tokens = () => ({ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken });

  it('nothing configured: off, with the way to an app', async () => {
    expect(await examine({})).toMatchObject({
      Slack: { state: 'off', cure: expect.stringContaining('deploy/slack-manifest.yaml') },
    });
  });

  it('everything in order', async () => {
    expect(await examine(tokens())).toMatchObject({
      Slack: { state: 'ok', detail: expect.stringContaining('acme') },
      'Slack permissions': { state: 'ok' },
      'Slack sockets': { state: 'ok' },
    });
  });

  it('missing permissions: a failure where nothing works without them, else a warning with what is lost', async () => {
    slack.scopes({ without: ['chat:write.customize'] });
    expect((await examine(tokens()))['Slack permissions']).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('name and face'),
    });
    slack.scopes({ without: ['im:history'] });
    expect((await examine(tokens()))['Slack permissions']).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('install the app again'),
    });
  });

  it('tokens that are wrong, revoked or mixed up, each with its cure', async () => {
    const mixed = { SLACK_BOT_TOKEN: slack.appToken, SLACK_APP_TOKEN: slack.botToken };
    expect((await examine(mixed)).Slack).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/SLACK_BOT_TOKEN is no bot token.*SLACK_APP_TOKEN is no app-level token/),
    });
    const other = await examine({ ...tokens(), SLACK_APP_TOKEN: 'xapp-wrong' });
    expect(other).toMatchObject({
      Slack: { state: 'ok' },
      'Slack sockets': { state: 'failed', cure: expect.stringContaining('connections:write') },
    });
    slack.revoke();
    expect((await examine(tokens())).Slack).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('token_revoked'),
      cure: expect.stringContaining('Install the app'),
    });
  });

  it('says when Slack cannot be reached', async () => {
    slack.faults.status('auth.test', 503);
    expect((await examine(tokens())).Slack).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('503'),
    });
  });

  it('many workspaces: who installed the app, whose token is over, and where to install it', async () => {
    const key = Buffer.alloc(32, 3).toString('base64');
    const env = {
      SLACK_MODE: 'http',
      SLACK_PUBLIC_URL: 'https://rapport.example.com',
      SLACK_SIGNING_SECRET: 's',
      SLACK_CLIENT_ID: '1',
      SLACK_CLIENT_SECRET: 'c',
      SLACK_STATE_SECRET: 'st',
      SLACK_ENCRYPTION_KEY: key,
    };
    expect((await examine(env)).Slack).toMatchObject({
      state: 'warning',
      cure: 'Open https://rapport.example.com/slack/install',
    });
    const store = await openEmbeddedStore({ dataDir, clock: systemClock });
    const installations = new InstallationStore(
      { store, clock: systemClock, random: systemRandom },
      new TokenCipher(key),
    );
    const dead = slack.workspace('gone');
    const token = slack.install(dead);
    slack.revoke(token);
    for (const [team, value] of [
      [slack.team, slack.botToken],
      [dead, token],
    ] as const)
      await installations.save({
        team: team.id,
        enterprise: null,
        name: team.name,
        appId: 'A1',
        installedBy: 'U1',
        installedAt: 1,
        scopes: [],
        bot: { token: value, id: 'B1', userId: 'U1' },
      });
    await store.close();
    expect(await examine(env)).toMatchObject({
      Slack: { state: 'ok', detail: expect.stringContaining('2 workspace(s)') },
      'Slack acme': { state: 'ok' },
      'Slack gone': { state: 'warning', cure: expect.stringContaining('/slack/install') },
      'Slack requests': {
        state: 'ok',
        detail: expect.stringContaining('https://rapport.example.com/slack/events'),
      },
    });
    const wrong = await examine({ ...env, SLACK_ENCRYPTION_KEY: Buffer.alloc(32, 4).toString('base64') });
    expect(wrong.Slack).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('RAPPORT_E_SLACK_KEY'),
    });
  });
});
