import { readFileSync } from 'node:fs';
import { RapportError, reasonOf } from './errors.js';

/** Environment variables that hold secrets; each may instead be given as `<NAME>_FILE` (Docker and Kubernetes secrets). */
export const secretNames = [
  'RAPPORT_API_KEY',
  'MODEL_API_KEY',
  'REDIS_URL',
  'DISCORD_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_STATE_SECRET',
  'SLACK_ENCRYPTION_KEY',
] as const;
export type SecretName = (typeof secretNames)[number];
export type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/**
 * Reads the secrets from an environment.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE when a `_FILE` cannot be read.
 */
export function readSecrets(env: NodeJS.ProcessEnv): Secrets {
  const secrets: Partial<Record<SecretName, string>> = {};
  for (const name of secretNames) {
    const file = env[`${name}_FILE`];
    const value = file ? readSecretFile(file) : env[name];
    if (value?.trim()) secrets[name] = value.trim();
  }
  return secrets;
}

/** Replaces every secret that occurs in a text: for logs and doctor. */
export function redact(text: string, secrets: Secrets): string {
  let clean = text.replace(/(\w+:\/\/[^\s:/@]*:)[^\s@/]+@/g, '$1***@');
  for (const value of Object.values(secrets)) if (value.length >= 4) clean = clean.replaceAll(value, '***');
  return clean;
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}
