import { readFileSync } from 'node:fs';
import { RapportError, reasonOf } from './errors.js';

/** Environment variables that hold secrets of no platform; each may instead be given as `<NAME>_FILE` (Docker and Kubernetes secrets). */
export const secretNames: readonly string[] = [
  'RAPPORT_API_KEY',
  'RAPPORT_ENCRYPTION_KEY',
  'RAPPORT_ALERT_SECRET',
  'MODEL_API_KEY',
  'REDIS_URL',
];

/** Secrets that are set, by the name of their variable. */
export type Secrets = Readonly<Partial<Record<string, string>>>;

/**
 * Reads the secrets of these names from an environment.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE when a `_FILE` cannot be read.
 */
export function readSecrets(env: NodeJS.ProcessEnv, names: readonly string[]): Secrets {
  const secrets: Partial<Record<string, string>> = {};
  for (const name of names) {
    const file = env[`${name}_FILE`];
    const value = file ? readSecretFile(file) : env[name];
    if (value?.trim()) secrets[name] = value.trim();
  }
  return secrets;
}

/** Replaces every secret that occurs in a text: for logs and doctor. */
export function redact(text: string, secrets: Secrets): string {
  let clean = text.replace(/(\w+:\/\/[^\s:/@]*:)[^\s@/]+@/g, '$1***@');
  for (const value of Object.values(secrets))
    if (value !== undefined && value.length >= 4) clean = clean.replaceAll(value, '***');
  return clean;
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}
