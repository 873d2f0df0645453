// Writes docs/errors.md from the error table: run after a change to config/errors.ts (a test compares them).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';

await build({ page: false });
const { errorTable } = await import('../dist/config/errors.js');
const head = `# Errors

Every error that a person, a client or an operator can meet has a code. Clients get \`{"error":{"code","message","cure"}}\`
(the OpenAI-compatible API: \`{"error":{"message","type","code","param"}}\`); commands print code, message and cure on stderr.
People in a conversation never see a code: they are told in plain words what happened and what they can do.
Written from \`config/errors.ts\` by \`node scripts/errors-page.mjs\`.
`;
const sections = Object.entries(errorTable).map(
  ([code, { message, cure, status, retryable }]) =>
    `## ${code}\n\n${message.replaceAll('\n', ' ')}\n\n- What to do: ${cure}\n- HTTP ${status}; trying again ${retryable ? 'may help' : 'does not help'}.\n`,
);
writeFileSync(join(import.meta.dirname, '../docs/errors.md'), `${head}\n${sections.join('\n')}`);
