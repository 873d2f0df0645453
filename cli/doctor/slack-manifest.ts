import { type ManifestOptions, manifestYaml } from '../../adapters/slack/manifest/manifest.js';
import type { LoadedConfig } from '../../config/load.js';
import { loadLocale } from '../../config/locale.js';

const head = `# The Slack app: paste this at https://api.slack.com/apps, "Create New App", "From a manifest" (docs/slack.md).
# Written by \`node scripts/slack-manifest.mjs\`; \`rapport doctor --manifest\` prints the one that fits your own settings.
`;

/** The text of deploy/slack-manifest.yaml: one workspace, Socket Mode. */
export function manifestFile(): string {
  const usual: ManifestOptions = { mode: 'socket', publicUrl: '', oauth: false };
  return head + manifestYaml(loadLocale('en').say, usual);
}

/** The manifest that fits an operator's settings. */
export function ownManifest({ config, secrets }: LoadedConfig): string {
  const { mode, publicUrl } = config.slack;
  const oauth = secrets.SLACK_CLIENT_ID !== undefined;
  return manifestYaml(loadLocale(config.locale).say, { mode, publicUrl, oauth });
}
