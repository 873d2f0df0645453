import { signal } from '@preact/signals';

type Strings<Keys extends string> = Readonly<Record<Keys, string>>;
/** Words for names that the server may extend; unknown names are shown as they are. */
export type WordMap = Readonly<Record<string, string>>;

/** Every word the page shows: config/locales/page.<locale>.yaml, served as GET /api/words. */
export interface Words {
  readonly locale: string;
  readonly app: Strings<
    | 'skip'
    | 'documentTitle'
    | 'ai'
    | 'aiLong'
    | 'retry'
    | 'close'
    | 'cancel'
    | 'back'
    | 'loading'
    | 'loadMore'
  >;
  readonly nav: Strings<
    'label' | 'talk' | 'conversations' | 'characters' | 'data' | 'recent' | 'foot' | 'safety'
  >;
  readonly safety: Strings<'page' | 'lead'>;
  readonly key: Strings<'title' | 'text' | 'label' | 'submit'>;
  readonly start: {
    readonly page: string;
    readonly title: string;
    readonly lead: string;
    readonly worryLabel: string;
    readonly worryPlaceholder: string;
    readonly aboutTitle: string;
    readonly aboutHint: string;
    readonly nameLabel: string;
    readonly namePlaceholder: string;
    readonly mbtiLabel: string;
    readonly mbtiNone: string;
    readonly countryLabel: string;
    readonly countryNone: string;
    readonly ageLabel: string;
    readonly factsLabel: string;
    readonly factPlaceholder: string;
    readonly addFact: string;
    readonly addFactLong: string;
    readonly removeFact: string;
    readonly submit: string;
    readonly submitting: string;
    readonly skip: string;
    readonly meet: Plural;
    readonly promiseTitle: string;
    readonly promiseAi: string;
    readonly promiseHere: string;
    readonly promiseYours: string;
  };
  readonly match: Strings<
    'page' | 'title' | 'lead' | 'best' | 'choose' | 'why' | 'again' | 'browse' | 'none'
  >;
  readonly facets: WordMap;
  readonly character: {
    readonly ageJob: string;
    readonly talk: string;
    readonly helpsWith: string;
    readonly personality: string;
    readonly aspects: string;
    readonly profile: string;
    readonly tags: string;
    readonly licence: string;
    readonly greeting: string;
    readonly gone: string;
    readonly kinds: WordMap;
  };
  readonly aspects: WordMap;
  readonly gallery: {
    readonly page: string;
    readonly title: string;
    readonly lead: string;
    readonly searchLabel: string;
    readonly searchPlaceholder: string;
    readonly typeLabel: string;
    readonly typeAll: string;
    readonly tagsLabel: string;
    readonly clear: string;
    readonly found: Plural;
    readonly none: string;
    readonly moreTags: string;
    readonly fewerTags: string;
  };
  readonly own: Strings<
    | 'label'
    | 'text'
    | 'choose'
    | 'reading'
    | 'done'
    | 'greeting'
    | 'greetingNumber'
    | 'notes'
    | 'yours'
    | 'remove'
  >;
  readonly chat: {
    readonly page: string;
    readonly log: string;
    readonly composer: string;
    readonly placeholder: string;
    readonly send: string;
    readonly keys: string;
    readonly stop: string;
    readonly typing: string;
    readonly thinking: string;
    readonly you: string;
    readonly earlier: string;
    readonly newest: string;
    readonly speakingModel: string;
    readonly demoBadge: string;
    readonly demoNote: string;
    readonly modelNote: string;
    readonly matched: string;
    readonly about: string;
    readonly status: Strings<'sending' | 'waiting' | 'recorded' | 'failed' | 'stopped' | 'interrupted'>;
    readonly retry: string;
    readonly edit: string;
    readonly reconnecting: string;
    readonly pausedTitle: string;
    readonly pausedText: string;
    readonly resume: string;
    readonly day: Strings<'today' | 'yesterday'>;
  };
  readonly actions: Strings<
    | 'label'
    | 'why'
    | 'copy'
    | 'copied'
    | 'copyCode'
    | 'regenerate'
    | 'up'
    | 'down'
    | 'feedbackThanks'
    | 'remember'
    | 'remembered'
    | 'rememberedToast'
  >;
  readonly notice: Strings<'label' | 'call'>;
  readonly goals: Strings<
    | 'open'
    | 'title'
    | 'hint'
    | 'modeLabel'
    | 'once'
    | 'sticky'
    | 'active'
    | 'next'
    | 'queued'
    | 'remove'
    | 'dequeue'
    | 'clear'
    | 'own'
    | 'ownPlaceholder'
    | 'ownAdd'
  >;
  readonly offer: Strings<'title' | 'accept' | 'dismiss'>;
  readonly why: {
    readonly title: string;
    readonly lead: string;
    readonly loading: string;
    readonly match: string;
    readonly chosenByYou: string;
    readonly emotion: string;
    readonly memory: string;
    readonly memoryUsed: string;
    readonly notSent: string;
    readonly memoryNone: string;
    readonly memoryMore: Plural;
    readonly memorySummary: string;
    readonly strategy: string;
    readonly probability: string;
    readonly unclearFeeling: string;
    readonly feeling: string;
    readonly feelingGuess: string;
    readonly terms: WordMap;
    readonly kinds: WordMap;
    readonly goal: string;
    readonly goalNone: string;
    readonly goalSource: WordMap;
    readonly careTitle: string;
    readonly careGentle: string;
    readonly careGoal: string;
    readonly careOffered: string;
    readonly style: string;
    readonly model: string;
    readonly modelName: string;
    readonly format: string;
    readonly tokens: string;
    readonly tokensExact: string;
    readonly tokensAbout: string;
    readonly dropped: string;
    readonly attempts: string;
    readonly finish: string;
    readonly firstWord: string;
    readonly demo: string;
    readonly written: string;
    readonly timing: string;
    readonly total: string;
    readonly ms: string;
    readonly seconds: string;
    readonly scoredBy: string;
    readonly yes: string;
    readonly no: string;
    readonly stages: WordMap;
  };
  readonly conversations: {
    readonly page: string;
    readonly title: string;
    readonly lead: string;
    readonly none: string;
    readonly start: string;
    readonly continue: string;
    readonly turns: Plural;
    readonly delete: string;
    readonly deleteTitle: string;
    readonly deleteText: string;
    readonly deleteConfirm: string;
    readonly deleted: string;
  };
  readonly data: Strings<
    | 'page'
    | 'title'
    | 'lead'
    | 'personaTitle'
    | 'personaHint'
    | 'save'
    | 'saved'
    | 'unsaved'
    | 'memoriesTitle'
    | 'memoriesHint'
    | 'memoriesNone'
    | 'memoryLabel'
    | 'memoryPlaceholder'
    | 'memoryAdd'
    | 'memoryRemove'
    | 'memoryRemoved'
    | 'memoryPin'
    | 'memoryPinned'
    | 'memoryEarlier'
    | 'memoryRead'
    | 'lorebookTitle'
    | 'lorebookHint'
    | 'lorebookNone'
    | 'lorebookImport'
    | 'lorebookExport'
    | 'lorebookFile'
    | 'lorebookRemove'
    | 'rememberingTitle'
    | 'waitingTitle'
    | 'waitingKeep'
    | 'waitingDrop'
    | 'waitingLine'
    | 'memoriesExport'
    | 'memoriesExportFile'
    | 'memoriesImport'
    | 'exportTitle'
    | 'exportText'
    | 'exportPage'
    | 'exportPageFile'
    | 'export'
    | 'exportFile'
    | 'pauseTitle'
    | 'pauseText'
    | 'pause'
    | 'resume'
    | 'pausedNow'
    | 'eraseTitle'
    | 'eraseText'
    | 'erase'
    | 'eraseDialogTitle'
    | 'eraseDialogText'
    | 'eraseWord'
    | 'eraseConfirm'
    | 'erased'
  > & {
    readonly memoriesImported: Plural;
    readonly lorebookEntries: Plural;
    readonly rememberingModes: Strings<'off' | 'ask' | 'on'>;
    readonly rememberingHints: Strings<'off' | 'ask' | 'on'>;
    readonly erasedSessions: Plural;
    readonly erasedEntries: Plural;
    readonly erasedMemories: Plural;
  };
  readonly errors: Strings<
    'offline' | 'offlineCure' | 'unexpected' | 'unexpectedCure' | 'notFound' | 'notFoundHome'
  >;
}

export const loadedWords = signal<Words | null>(null);

/**
 * The words of the locale.
 * @throws Error before they were loaded (nothing but a loading dot is drawn until then).
 */
export function words(): Words {
  const loaded = loadedWords.value;
  if (loaded === null) throw new Error('the words are not loaded yet');
  return loaded;
}

/** The word for `name`, or the name itself in readable form. */
export function wordFor(map: WordMap, name: string): string {
  return map[name] ?? name.replaceAll('_', ' ');
}

/** Forms of a phrase by number, chosen with Intl.PluralRules. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** Fills `{name}` places of a phrase; unknown places stay as they are. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The form of `phrase` for `n`, with `{n}` filled. */
export function plural(phrase: Plural, n: number, locale: string): string {
  const form = new Intl.PluralRules(locale).select(n) === 'one' ? phrase.one : phrase.other;
  return fill(form, { n: new Intl.NumberFormat(locale).format(n) });
}
