import { platforms } from '../adapters/index.js';
import { type LoadedConfig, readConfig } from '../config/load.js';
import { type Locale, readLocale } from '../config/locale.js';

/**
 * The effective configuration, with the settings of every platform.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE, RAPPORT_E_CONFIG_INVALID as {@link readConfig}.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): LoadedConfig {
  return readConfig(platforms, env, cwd);
}

/**
 * The words of a locale, with those of every platform.
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE when there is no such locale.
 */
export function loadLocale(code: string): Locale {
  return readLocale(
    code,
    platforms.flatMap(({ locale }) => locale),
  );
}
