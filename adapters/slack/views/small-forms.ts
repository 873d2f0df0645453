import type { ModalView } from '@slack/types';
import type { Say } from '../../../config/locale.js';
import { memoryUnits } from '../../../src/commands/memory.js';
import { quoteMetadata, viewIds } from '../actions/action-ids.js';
import { escapeText } from '../intake/plain-text.js';
import { cut, field, modal, placeholder, section } from './block-kit.js';
import { type FormValues, typed } from './form-values.js';

const textField = 'text';

/** One fact to be remembered. */
export const rememberView = (say: Say): ModalView =>
  modal({
    callback: viewIds.remember,
    title: say('slack.memory.title'),
    submit: say('slack.memory.submit'),
    close: say('slack.cancel'),
    blocks: [
      field({
        id: textField,
        label: say('slack.memory.label'),
        element: {
          type: 'plain_text_input',
          action_id: textField,
          max_length: memoryUnits,
          placeholder: placeholder(say('slack.memory.hint')),
        },
      }),
    ],
  });

/** "Ask a character about this": what is asked about somebody's words. */
export const askView = (text: string, author: string, say: Say): ModalView =>
  modal({
    callback: viewIds.ask,
    title: say('slack.ask.title'),
    submit: say('slack.ask.submit'),
    close: say('slack.cancel'),
    metadata: quoteMetadata(text, author),
    blocks: [
      section(`> ${escapeText(cut(text, 400)).replaceAll('\n', '\n> ')}`),
      field({
        id: textField,
        label: say('slack.ask.question'),
        hint: say('slack.ask.private'),
        element: {
          type: 'plain_text_input',
          action_id: textField,
          multiline: true,
          max_length: 1_000,
          placeholder: placeholder(say('slack.ask.hint')),
        },
      }),
    ],
  });

/** What was typed into the one field of a small form. */
export const readText = (values: FormValues): string => typed(values, textField).trim();

/** A few sentences to be read and closed. */
export const infoView = (title: string, text: string, say: Say): ModalView =>
  modal({ callback: viewIds.info, title, close: say('slack.close'), blocks: [section(text)] });
