import type { KnownBlock, ModalView } from '@slack/types';
import type { Say } from '../../../config/locale.js';
import { type CharacterCard, characterCard, type FoundCharacters } from '../../../src/commands/characters.js';
import type { Suggested } from '../../../src/commands/match.js';
import type { RankedMatch } from '../../../src/matching/persona-scorer.js';
import { actionIds, pageValue, talkValue, viewIds } from '../actions/action-ids.js';
import { escapeText } from '../intake/plain-text.js';
import {
  actions,
  button,
  context,
  cut,
  divider,
  field,
  header,
  modal,
  placeholder,
  section,
} from './block-kit.js';

/** Characters on a page of the gallery. */
export const galleryPage = 6;

/** A character's face where it is an emoji; pictures stand beside replies, not in lists. */
const face = ({ avatar }: Pick<CharacterCard, 'avatar'>): string =>
  /^https?:/i.test(avatar) ? '' : `${avatar} `;

/** Name, who they are, what they help with, in a few lines. */
export function characterLines(card: CharacterCard): string {
  return [
    `*${face(card)}${escapeText(card.name)}*`,
    escapeText(card.who),
    escapeText(cut(card.helpsWith || card.personality, 300)),
  ]
    .filter(Boolean)
    .join('\n');
}

/** All characters or those that fit the words, a page at a time. */
export function galleryView(found: FoundCharacters, words: string, offset: number, say: Say): ModalView {
  const last = offset + found.characters.length;
  const pages = [
    ...(offset > 0
      ? [
          button({
            text: say('slack.gallery.back'),
            action: actionIds.galleryPage,
            value: pageValue(words, Math.max(0, offset - galleryPage)),
          }),
        ]
      : []),
    ...(last < found.total
      ? [
          button({
            text: say('slack.gallery.more'),
            action: actionIds.galleryForward,
            value: pageValue(words, last),
          }),
        ]
      : []),
  ];
  return modal({
    callback: viewIds.gallery,
    title: say('slack.gallery.title'),
    // Slack wants one wherever there is a field.
    submit: say('slack.gallery.submit'),
    close: say('slack.close'),
    blocks: [
      {
        ...field({
          id: actionIds.gallerySearch,
          label: say('slack.gallery.search'),
          element: {
            type: 'plain_text_input',
            action_id: actionIds.gallerySearch,
            max_length: 200,
            placeholder: placeholder(say('slack.gallery.searchHint')),
            dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
            ...(words !== '' && { initial_value: words }),
          },
        }),
        dispatch_action: true,
      },
      divider,
      ...found.characters.map((character) =>
        section(
          characterLines(characterCard(character)),
          button({ text: say('slack.gallery.about'), action: actionIds.card, value: character.id }),
        ),
      ),
      context(
        found.total === 0
          ? say('slack.gallery.nobody', { words: escapeText(words) })
          : say('slack.gallery.count', { first: offset + 1, last, total: found.total }),
      ),
      ...(pages.length > 0 ? [actions(...pages)] : []),
    ],
  });
}

/** Everything a person is shown of one character. */
export function cardBlocks(card: CharacterCard, say: Say): KnownBlock[] {
  return [
    header(`${face(card)}${card.name}`),
    section(
      [escapeText(card.who), escapeText(card.personality)].filter(Boolean).join('\n') ||
        escapeText(card.name),
    ),
    ...(card.helpsWith
      ? [section(`*${escapeText(say('slack.gallery.helpsWith'))}*\n${escapeText(card.helpsWith)}`)]
      : []),
    ...(card.greeting ? [section(`> ${escapeText(card.greeting).replaceAll('\n', '\n> ')}`)] : []),
    ...(card.tags.length > 0 ? [context(escapeText(card.tags.join(' · ')))] : []),
    actions(
      button({
        text: say('slack.talkTo', { name: card.shortName }),
        action: actionIds.talk,
        value: talkValue(card.id),
        style: 'primary',
      }),
    ),
  ];
}

export const cardView = (card: CharacterCard, say: Say): ModalView =>
  modal({
    callback: viewIds.card,
    title: card.shortName,
    close: say('slack.close'),
    blocks: cardBlocks(card, say),
  });

/** The characters that fit a person best, each with its reasons and a way to begin. */
function suggestionBlocks(matches: readonly RankedMatch[], say: Say): KnownBlock[] {
  if (matches.length === 0) return [section(say('slack.match.nobody'))];
  return [
    section(say('slack.match.found')),
    ...matches.flatMap(({ character, reasons }) => {
      const card = characterCard(character);
      return [
        divider,
        section(
          [characterLines(card), ...reasons.map(({ text }) => `• ${escapeText(text)}`)].join('\n'),
          button({
            text: say('slack.talkTo', { name: card.shortName }),
            action: actionIds.talk,
            value: talkValue(card.id, reasons),
            style: 'primary',
          }),
        ),
      ];
    }),
  ];
}

/** Who fits a person, below where there is help if what they wrote calls for it. */
export const suggestionsView = ({ matches, care }: Suggested, say: Say): ModalView =>
  modal({
    callback: viewIds.suggestions,
    title: say('slack.match.title'),
    close: say('slack.close'),
    blocks: [...(care ? [section(escapeText(care.text))] : []), ...suggestionBlocks(matches, say)],
  });
