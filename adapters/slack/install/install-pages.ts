import type { Say } from '../../../config/locale.js';

/** The page with the button that begins an installation. */
export function installPage(say: Say, url: string): string {
  return page(say('slack.install.title'), [
    `<p>${escapeHtml(say('slack.install.invitation'))}</p>`,
    `<p><a class="button" href="${escapeHtml(url)}">${escapeHtml(say('slack.install.button'))}</a></p>`,
  ]);
}

/** The page after an installation, which leads back to Slack. */
export function installedPage(say: Say, name: string, appUrl: string): string {
  return page(say('slack.install.done', { name }), [
    `<p>${escapeHtml(say('slack.install.next'))}</p>`,
    `<p><a class="button" href="${escapeHtml(appUrl)}">${escapeHtml(say('slack.install.open'))}</a></p>`,
  ]);
}

/** The page after an installation that did not succeed. */
export function failedPage(say: Say, reason: string): string {
  return page(say('slack.install.failed'), [
    `<p>${escapeHtml(say('slack.install.retry'))}</p>`,
    `<p><small>${escapeHtml(reason)}</small></p>`,
  ]);
}

function page(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem }
.button { display: inline-block; padding: .6rem 1.4rem; border-radius: .5rem; background: #4a154b; color: #fff; text-decoration: none }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
