import { discord } from './discord/platform.js';
import { openAiApi } from './openai-api/platform.js';
import type { Platform } from './platform.js';
import { slack } from './slack/platform.js';
import { terminal } from './terminal/platform.js';
import { web } from './web/platform.js';

/** Every platform: settings, start, doctor and personal data are read from here. */
export const platforms: readonly Platform[] = [web, terminal, openAiApi, discord, slack];
