import type { Steps } from '../steps.js';
import { profiles } from './profiles.js';
import { transform } from './transform.js';

export const characterchat: Steps = { profiles: { stage: profiles }, transform: { stage: transform } };
