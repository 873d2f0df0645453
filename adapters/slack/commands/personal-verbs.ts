import { describeSafety } from '../../../src/care/safety.js';
import { stateAge } from '../../../src/care/state-age.js';
import { sayCountry } from '../../../src/commands/country.js';
import { addMemory, forgetMemory, listMemories, pinMemory } from '../../../src/commands/memory.js';
import { readPersona } from '../../../src/commands/persona.js';
import { type SteerRequest, steer as steerConversation } from '../../../src/commands/steer.js';
import { setStyle, styleChoices } from '../../../src/commands/style.js';
import { factLine } from '../../../src/memory/fact-list.js';
import { proposalsMeant, sayDecision, sayRemembering } from '../../../src/turn/remembering.js';
import { actionIds } from '../actions/action-ids.js';
import { escapeText } from '../intake/plain-text.js';
import { actions, button, confirmation, section } from '../views/block-kit.js';
import { personaView } from '../views/forms.js';
import { askedId } from './conversations.js';
import { type CommandTools, firstWord, nearest, type Verb } from './verb.js';

/** `persona`: the form of who the person is; `persona show`. */
export const persona: Verb = async ({ actor, words }, { services, modals }) => {
  const known = await readPersona(services, actor.person);
  if (firstWord(words).word !== 'show') {
    await modals.open(actor, personaView('persona', known, services.say));
    return null;
  }
  const { say } = services;
  const lines = [
    known.name && say('slack.persona.isName', { name: known.name }),
    known.mbti && say('slack.persona.isType', { mbti: known.mbti }),
    ...known.facts.map((fact) => `• ${fact}`),
    known.worry && say('slack.persona.isWorry', { worry: known.worry }),
  ].filter(Boolean);
  return { text: lines.length > 0 ? lines.join('\n') : say('slack.home.noPersona') };
};

/** `memory`, `memory add FACT`, `memory forget N`, `memory pin N`, `memory unpin N`, `memory automatic ask`, `memory keep N`, `memory drop N`. */
export const memory: Verb = async ({ actor, words }, tools) => {
  const { services } = tools;
  const { say } = services;
  const { word, rest } = firstWord(words);
  if (word === '' || word === 'list') return { text: await factList(actor.person, tools) };
  if (word === 'add' || word === 'remember') {
    if (rest === '') return { text: say('slack.usage.memory') };
    const { text } = await addMemory(services, actor.person, rest);
    return { text: say('memory.remembered', { text }) };
  }
  if (word === 'forget' || word === 'delete') {
    const fact = (await listMemories(services, actor.person))[Number(rest) - 1];
    const forgotten = fact && (await forgetMemory(services, actor.person, fact.id));
    if (!forgotten) return { text: say('memory.unknown', { n: rest.slice(0, 20) || '?' }) };
    return { text: say('memory.forgotten', { text: forgotten.text }) };
  }
  if (word === 'pin' || word === 'unpin') {
    const fact = (await listMemories(services, actor.person))[Number(rest) - 1];
    const changed = fact && (await pinMemory(services, actor.person, fact.id, word === 'pin'));
    if (!changed) return { text: say('memory.unknown', { n: rest.slice(0, 20) || '?' }) };
    return { text: say(word === 'pin' ? 'memory.pinned' : 'memory.unpinned', { text: changed.text }) };
  }
  if (word === 'automatic' || word === 'auto')
    return { text: await sayRemembering(services, actor.person, rest) };
  if (word === 'keep' || word === 'drop') {
    const meant = await proposalsMeant(services, actor.person, rest);
    return { text: await sayDecision(services, actor.person, meant, word === 'keep') };
  }
  return { text: say('slack.usage.memory') };
};

const modes: ReadonlyMap<string, SteerRequest['mode']> = new Map([
  ['once', 'once'],
  ['next', 'once'],
  ['sticky', 'sticky'],
  ['always', 'sticky'],
  ['queue', 'queue'],
  ['off', 'off'],
  ['none', 'off'],
  ['stop', 'off'],
  ['clear', 'off'],
]);

/** `steer GOAL`, `steer sticky GOAL`, `steer queue A, B`, `steer off`, `steer` alone: the goals there are. */
export const steer: Verb = async ({ actor, words }, { services, conversations }) => {
  const { word, rest } = firstWord(words);
  const mode = modes.get(word);
  const text = mode === undefined ? words : rest;
  const { id } = await conversations.of(actor);
  const { say } = services;
  const commands = {
    once: say('slack.steer.once'),
    sticky: say('slack.steer.sticky'),
    off: say('slack.steer.off'),
  };
  const steered = await steerConversation(services, id, { mode: mode ?? 'once', text, commands });
  return { text: steered?.notice ?? say('slack.notBegun') };
};

/** `style`: what can be set; `style ATTRIBUTE VALUE`, `style VALUE`, `style off`, `style ATTRIBUTE off`. */
export const style: Verb = async ({ actor, words }, tools) => {
  const { services, conversations } = tools;
  const { say } = services;
  const choices = styleChoices(services);
  if (words === '') return { text: styleList(tools) };
  const { word, rest } = firstWord(words);
  const { id } = await conversations.of(actor);
  const isOff = (text: string): boolean => ['off', 'none', 'reset', 'default'].includes(text);
  const attribute = choices.find(({ attribute, name }) => word === name || word === attribute);
  const value = attribute ? rest.toLowerCase() : words.trim().toLowerCase();
  const owner = attribute ?? choices.find(({ values }) => values.some((known) => known.value === value));
  if (!owner && !isOff(value)) {
    const near = nearest(
      value,
      choices.flatMap(({ values }) => values.map((known) => known.value)),
    );
    const unknown = say('style.unknown', { value: value.slice(0, 40) });
    return {
      text: near
        ? `${unknown} ${say('slack.didYouMean', { words: near })}`
        : `${unknown}\n${styleList(tools)}`,
    };
  }
  const set = await setStyle(services, id, {
    attribute: owner?.attribute ?? null,
    value: isOff(value) ? null : value,
  });
  return { text: set?.notice ?? say('slack.notBegun') };
};

/** `privacy export`, `privacy delete`, `privacy pause`, `privacy resume`; alone: what there is. */
export const privacy: Verb = async ({ actor, words }, { services, data }) => {
  const { say } = services;
  switch (firstWord(words).word) {
    case 'export':
      await data.export(actor);
      return { text: say('slack.export.done') };
    case 'pause':
      await data.pause(actor, true);
      return { text: say('slack.home.isPaused') };
    case 'resume':
      await data.pause(actor, false);
      return { text: say('slack.resumed') };
    case 'delete':
    case 'erase':
      return {
        text: say('slack.erase.text'),
        blocks: [
          section(escapeText(say('slack.erase.text'))),
          actions(
            button({
              text: say('slack.erase.yes'),
              action: actionIds.erase,
              style: 'danger',
              confirm: confirmation({
                title: say('slack.erase.title'),
                text: say('slack.erase.text'),
                yes: say('slack.erase.yes'),
                no: say('slack.cancel'),
                danger: true,
              }),
            }),
          ),
        ],
      };
    default:
      return { text: say('slack.usage.privacy') };
  }
};

async function factList(
  person: Parameters<typeof listMemories>[1],
  { services }: CommandTools,
): Promise<string> {
  const { say } = services;
  const facts = await listMemories(services, person);
  if (facts.length === 0) return say('memory.nothing');
  return say('memory.list', {
    facts: facts.map((fact, n) => factLine(fact, n + 1, say)).join('\n'),
  });
}

function styleList({ services }: CommandTools): string {
  const lines = styleChoices(services).map(
    ({ name, values }) => `• ${name}: ${values.map(({ value }) => value).join(' / ')}`,
  );
  return `${services.say('slack.usage.style')}\n${lines.join('\n')}`;
}

/** `country NAME`: where the person is, for the helplines there; `country off`; alone: what is known. */
export const country: Verb = async ({ actor, words }, { services, conversations }) => {
  const { id } = await conversations.of(actor);
  return { text: await sayCountry(services, { person: actor.person, typed: words, session: id }) };
};

/** `age 16`: how old the person is; `age off`; alone: what is known. */
export const age: Verb = async ({ actor, words }, { services }) => ({
  text: await stateAge(services, actor.person, words),
});

/** `human NOTE`: people of the operator's are told that the person asks for one. The same as the code: judged, and recorded once. */
export const human: Verb = async ({ actor, words, request }, { services, conversations }) => {
  const admitted = await conversations.ask(actor, `!human ${words}`.trim(), askedId(request));
  return { text: admitted.outcome === 'refused' ? admitted.notice : services.say('slack.chat.said') };
};

/** `safety`: what happens when somebody is in danger, and who helps where they are. */
export const safety: Verb = async ({ actor }, { services, directory }) => {
  const whereabouts = await directory.whereabouts(actor.workspace, actor.user);
  const sections = await describeSafety(services, { ...whereabouts, person: actor.person });
  return { text: sections.map(({ title, text }) => `*${title}*\n${text}`).join('\n\n') };
};
