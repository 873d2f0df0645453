import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  botScopes,
  manifestFile,
  ownManifest,
  requiredScopes,
  slackManifest,
} from '../../../adapters/slack/manifest/manifest.js';
import { slackSetup } from '../../../adapters/slack/slack-setup.js';
import { loadConfig, loadLocale } from '../../../app/settings.js';
import { packageRoot } from '../../../config/root.js';

const { say } = loadLocale('en');
const socket = { mode: 'socket', publicUrl: '', oauth: false } as const;
const http = { mode: 'http', publicUrl: 'https://rapport.example.com', oauth: true } as const;

interface Shape {
  display_information: Record<'name' | 'description' | 'long_description', string>;
  features: {
    agent_view: { agent_description: string; suggested_prompts: { title: string; message: string }[] };
    shortcuts: { name: string; description: string; callback_id: string }[];
    slash_commands: { command: string; description: string; usage_hint: string; url?: string }[];
  };
  oauth_config: { scopes: { bot: string[] }; redirect_urls?: string[] };
  settings: {
    event_subscriptions: { bot_events: string[]; request_url?: string };
    interactivity: { request_url?: string; message_menu_options_url?: string };
    socket_mode_enabled: boolean;
    org_deploy_enabled: boolean;
    token_rotation_enabled: boolean;
  };
}
const manifest = (options: typeof socket | typeof http): Shape =>
  slackManifest(say, options) as unknown as Shape;

describe('the manifest', () => {
  it('is what deploy/slack-manifest.yaml holds (else: node scripts/slack-manifest.mjs)', () => {
    expect(readFileSync(join(packageRoot, 'deploy/slack-manifest.yaml'), 'utf8')).toBe(manifestFile());
    expect(parse(manifestFile())).toEqual(slackManifest(say, socket));
  });

  it('keeps to the limits of Slack', () => {
    const { display_information: about, features } = manifest(socket);
    expect(about.name.length).toBeLessThanOrEqual(35);
    expect(about.description.length).toBeLessThanOrEqual(140);
    expect(about.long_description.length).toBeGreaterThanOrEqual(174);
    expect(about.long_description.length).toBeLessThanOrEqual(4_000);
    expect(features.agent_view.agent_description.length).toBeLessThanOrEqual(300);
    expect(features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
    for (const { name, description } of features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    for (const { command, usage_hint } of features.slash_commands) {
      expect(command).toMatch(/^\/[a-z]{1,31}$/);
      expect(usage_hint.length).toBeLessThanOrEqual(1_000);
    }
  });

  it('names no address in Socket Mode, and all of them over HTTP', () => {
    const one = manifest(socket);
    expect(JSON.stringify(one)).not.toContain('https://');
    expect(one.settings).toMatchObject({ socket_mode_enabled: true, org_deploy_enabled: false });
    const many = manifest(http);
    const address = 'https://rapport.example.com/slack/events';
    expect(many.settings.event_subscriptions.request_url).toBe(address);
    expect(many.settings.interactivity).toMatchObject({
      request_url: address,
      message_menu_options_url: address,
    });
    expect(many.features.slash_commands[0]?.url).toBe(address);
    expect(many.oauth_config.redirect_urls).toEqual(['https://rapport.example.com/slack/oauth_redirect']);
    expect(many.settings).toMatchObject({ token_rotation_enabled: true, org_deploy_enabled: true });
    expect(many.settings.event_subscriptions.bot_events).toContain('team_access_revoked');
  });

  it('asks for the scopes of the events it wants', () => {
    const { oauth_config, settings } = manifest(socket);
    const needed = {
      'message.im': 'im:history',
      'message.channels': 'channels:history',
      'message.groups': 'groups:history',
      'message.mpim': 'mpim:history',
      app_mention: 'app_mentions:read',
    };
    for (const [event, scope] of Object.entries(needed)) {
      expect(settings.event_subscriptions.bot_events).toContain(event);
      expect(oauth_config.scopes.bot).toContain(scope);
    }
    expect(botScopes).toEqual(expect.arrayContaining([...requiredScopes]));
  });

  it('fits the operator’s own settings', () => {
    const loaded = loadConfig({
      SLACK_MODE: 'http',
      SLACK_PUBLIC_URL: 'https://my.example.com',
      SLACK_CLIENT_ID: '1',
    });
    expect(ownManifest(loaded)).toContain('https://my.example.com/slack/events');
  });
});

describe('the secrets of Slack', () => {
  const { config } = loadConfig({});
  const problems = (...args: Parameters<typeof slackSetup>): string => {
    try {
      slackSetup(...args);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('are put together, and everything that is missing is named at once', () => {
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(slackSetup(config.slack, tokens)).toMatchObject({
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
      oauth: null,
    });
    expect(problems(config.slack, { SLACK_APP_TOKEN: 'xapp-1' })).toContain('SLACK_BOT_TOKEN is missing');
    const http = { ...config.slack, mode: 'http' as const };
    expect(problems(http, { SLACK_BOT_TOKEN: 'xoxb-1' })).toContain('SLACK_SIGNING_SECRET is missing');
    const half = problems(http, { SLACK_CLIENT_ID: '1' });
    for (const name of [
      'SLACK_SIGNING_SECRET',
      'SLACK_CLIENT_SECRET',
      'SLACK_STATE_SECRET',
      'SLACK_ENCRYPTION_KEY',
      'SLACK_PUBLIC_URL',
    ])
      expect(half).toContain(name);
    const all = {
      SLACK_SIGNING_SECRET: 's',
      SLACK_CLIENT_ID: '1',
      SLACK_CLIENT_SECRET: 'c',
      SLACK_STATE_SECRET: 'st',
      SLACK_ENCRYPTION_KEY: 'k',
    };
    const open = { ...http, publicUrl: 'https://x.org' };
    expect(slackSetup(open, all)).toMatchObject({
      botToken: null,
      signingSecret: 's',
      oauth: { clientId: '1' },
    });
    expect(problems(open, { ...all, SLACK_BOT_TOKEN: 'xoxb-1' })).toContain('one workspace');
  });
});
