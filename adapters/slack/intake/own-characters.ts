import { cardLimits } from '../../../characters/cards/limits.js';
import { RapportError } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { bringCharacter, looksLikeCharacter, mayBring } from '../../../src/commands/own-characters.js';
import { RecentMap } from '../../../src/recent-map.js';
import { isDirectMessage, slackPerson } from '../address.js';
import type { Directory } from '../api/directory.js';
import type { MessageEvent, Source } from './events.js';
import type { Files } from './files.js';

/** A message that brings a character: nothing but this word beside the file. */
const asked = /^\s*(?:\/?rapport\s+)?(?:character\s+)?import\s*$/i;
const maxWarnings = 5;
const maxRemembered = 500;

/** Takes in characters that people send to the app, each message once: Slack sends again what takes long. */
export class BroughtCharacters {
  readonly #told = new RecentMap<string, Promise<string>>(maxRemembered);

  constructor(
    private readonly services: CommandServices,
    private readonly directory: Directory,
    private readonly files: Files,
  ) {}

  /** What somebody is told of the character they sent in a direct message; null where they sent none, or may send none. */
  async of(event: MessageEvent, source: Source): Promise<string | null> {
    const { imports } = this.services.config.characters;
    const [file] = event.files;
    if (imports.slack === 'off' || !file || event.user === undefined) return null;
    if (!isDirectMessage(event.channel) || !asked.test(event.text ?? '')) return null;
    const key = `${event.channel}:${event.ts}`;
    const before = this.#told.get(key);
    if (before) return before;
    const told = this.#take(event.user, file, source);
    this.#told.set(key, told);
    return told;
  }

  async #take(user: string, file: MessageEvent['files'][number], { workspace }: Source): Promise<string> {
    const { services } = this;
    const name = file.name ?? file.id;
    try {
      const manages = await this.directory.isAdmin(workspace, user);
      const bringing = { place: 'slack' as const, person: slackPerson(workspace.team, user), manages };
      if (!mayBring(services, bringing)) throw new RapportError('RAPPORT_E_CARD_REFUSED');
      if (!looksLikeCharacter({ name, size: file.size }))
        throw new RapportError('RAPPORT_E_CARD_NONE', {
          file: name,
          reason: 'it is no PNG, JSON, CHARX or YAML of a size that is taken in',
        });
      const bytes = await this.files.one(workspace, file, cardLimits.uploadBytes);
      if (!bytes)
        throw new RapportError('RAPPORT_E_CARD_NONE', { file: name, reason: 'it could not be fetched' });
      const { character, warnings } = await bringCharacter(services, bringing, { name, bytes });
      const said = services.say('slack.own.brought', { name: character.name });
      return [said, ...warnings.slice(0, maxWarnings)].join('\n');
    } catch (error) {
      if (!(error instanceof RapportError)) throw error;
      return `${error.message} ${error.cure}`;
    }
  }
}
