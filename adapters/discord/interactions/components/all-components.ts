import type { ComponentHandlers, FormHandlers } from '../context.js';
import { choosingForms, choosingHandlers } from './choosing.js';
import { communityHandlers } from './community.js';
import { ownDataForms, ownDataHandlers } from './own-data.js';
import { replyHandlers } from './reply.js';
import { writingForms, writingHandlers } from './writing.js';

export const formHandlers = {
  ...choosingForms,
  ...ownDataForms,
  ...writingForms,
} satisfies Partial<FormHandlers>;

export const componentHandlers = {
  ...replyHandlers,
  ...writingHandlers,
  ...choosingHandlers,
  ...ownDataHandlers,
  ...communityHandlers,
} satisfies Partial<ComponentHandlers>;
