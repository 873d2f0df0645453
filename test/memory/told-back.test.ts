import { describe, expect, it } from 'vitest';
import { LexicalFactChooser } from '../../src/memory/lexical-fact-chooser.js';
import { asksBack, toldBack } from '../../src/memory/told-back.js';

describe('what was told, asked back', () => {
  it.each([
    "what's my sister's name?",
    "sorry silly question, whats my sister's name again? just checking you remember",
    'what did I say my dog is called?',
    'which exam is it i told you about',
    'What are my sons called? I just want to know if you pay attention',
    'what was her name, my best friend? did i tell you?',
    'who was it i fell out with again, did you catch the name? remember, i told you',
    "How long did I say we've been married?",
    'how old is my son, do you remember i told you',
    'do you remember where I work?',
    'How many tomato plants did I say I had?',
    'where do I live?',
    'at least the cat is still on my side. whats her name, do you remember?',
    'how many cats do i have',
  ])('is noticed: %s', (text) => {
    expect(asksBack(text)).toBe(true);
  });

  it.each([
    'what should I do?',
    "I'm 54, who is going to hire me",
    "we used to do this thing where he'd ring me at 7am sharp and pretend to be the tax office. every year.",
    'how do i stop thinking about it',
    'why does my boss hate me',
    "what's wrong with my life",
    'who am i talking to',
    'what is my purpose in life?',
    "what's my next step?",
    'i dont even know why. i think if i see the stone its real',
    'she asked me what I want and I said nothing',
    'what do you do for work?',
    'have you ever had a pet?',
    'my mum already told my aunts when i graduate',
    'how long does this take to stop hurting',
  ])('is nothing of the kind: %s', (text) => {
    expect(asksBack(text)).toBe(false);
  });

  const chooser = new LexicalFactChooser();
  const facts = ['Jo has a sister called Ana.', 'Jo works in a bakery.'];
  const ask = (text: string, lines: readonly string[] = [], known = facts): Promise<string | null> =>
    toldBack({ text }, { texts: known }, lines, 'Jo', chooser);

  it('is answered out of what is known, and out of what they wrote', async () => {
    expect(await ask("what's my sister called?")).toBe('You have a sister called Ana.');
    const lines = [
      'we had to put our dog down',
      'Biscuit. 13 yr old beagle',
      'it was Tom who drove',
      'do you like Dogs?',
    ];
    expect(await ask("what's my dog called?", lines, [])).toMatch(
      /^You wrote: “(?:Biscuit\.|it was Tom who drove)”$/,
    );
    expect(await ask('how old did I say he was?', lines, [])).toBe('You wrote: “13 yr old beagle”');
  });

  it('is no fact that tells nothing of what is asked: a day, a number, a colour, whose name', async () => {
    const known = ['Jo has a brother called Esteban.', 'Jo taught Latin.', 'Jo is from Belo Horizonte.'];
    const all = { ranked: [], fitting: known.map((_, index) => ({ index, score: 1 })) };
    const eager = { kind: 'eager', choose: async () => all };
    const back = (text: string, lines: readonly string[]): Promise<string | null> =>
      toldBack({ text }, { texts: known }, lines, 'Jo', eager);
    const unsure = "I'm not sure I caught that. Will you tell me again?";
    expect(await back('When did I say her birthday was?', [])).toBe(unsure);
    expect(await back('When did I say her birthday was?', ['She will be eighty on Sunday.'])).toBe(
      'You wrote: “She will be eighty on Sunday.”',
    );
    expect(await back('Which colour did I say my car was?', ['It is a blue Volkswagen.'])).toBe(
      'You wrote: “It is a blue Volkswagen.”',
    );
    expect(await back('what is the name of my friend', ['I speak with Luana, she is my best friend'])).toBe(
      'You wrote: “I speak with Luana, she is my best friend”',
    );
    expect(await back("what's my brother called?", [])).toBe('You have a brother called Esteban.');
  });

  it('is answered out of what they wrote long before', async () => {
    const long = [{ text: 'My boss made me redo the whole report', when: '3 weeks ago' }];
    const back = (text: string): Promise<string | null> =>
      toldBack({ text }, { texts: [] }, [], 'Jo', chooser, long);
    expect(await back('What did I tell you about my boss?')).toBe(
      'You told me that 3 weeks ago: “My boss made me redo the whole report”',
    );
    expect(await back("what's my boss called?")).toBe("I'm not sure I caught that. Will you tell me again?");
    const named = [{ text: 'My boss is called Rita.', when: '3 weeks ago' }];
    expect(await toldBack({ text: "what's my boss called?" }, { texts: [] }, [], 'Jo', chooser, named)).toBe(
      'You wrote: “My boss is called Rita.”',
    );
  });

  it('is admitted where nobody told it, and left alone where nothing was asked', async () => {
    expect(await ask("what's my uncle's birthday?")).toBe(
      "I'm not sure I caught that. Will you tell me again?",
    );
    expect(await ask('my sister is great')).toBeNull();
  });

  describe('a day or a number is quoted from the line that tells it, or from none (issue 15, told back)', () => {
    const unsure = "I'm not sure I caught that. Will you tell me again?";
    it.each([
      [
        'When did I say her birthday was?',
        ['My exam is on Monday.', "My sister's birthday is on 3 May.", 'I moved here in October.'],
        "You wrote: “My sister's birthday is on 3 May.”",
      ],
      ['When did I say her birthday was?', ['My exam is on Monday.', 'I moved here in October.'], unsure],
      [
        'When did I say her birthday was?',
        ["My brother's birthday is in June.", "She's 30 on 3 May, her birthday.", 'My exam is on Monday.'],
        "You wrote: “She's 30 on 3 May, her birthday.”",
      ],
      [
        'When did I say his birthday was?',
        ["My brother's birthday is in June.", "My sister's birthday is on 3 May."],
        "You wrote: “My brother's birthday is in June.”",
      ],
      [
        'When did I say her birthday was?',
        ['I forgot her birthday again', 'It was on Sunday', 'My exam is on Monday.'],
        'You wrote: “It was on Sunday”',
      ],
      [
        'When did I say her birthday was?',
        ['Guess when her birthday is? It is on 3 May.', 'My exam is on Monday.'],
        'You wrote: “It is on 3 May.”',
      ],
      ['How many marathons did I say I had run?', ['I have two cats.', "I've run three marathons."], 'three'],
      [
        'How many marathons did I say I had run?',
        ['I have two cats.', 'I ran my fourteenth marathon'],
        'fourteenth',
      ],
      [
        'How many marathons did I say I had run?',
        ['A dozen marathons and still no medal.', 'I have two cats.'],
        'dozen',
      ],
      [
        'How many marathons did I say I had run?',
        ["I've run eleven marathons. Isn't that mad?", 'I have two cats.'],
        "You wrote: “I've run eleven marathons.”",
      ],
      [
        'How many marathons did I say I had run?',
        [
          `so i was talking to my neighbour about the whole thing and he would not believe that i have run 7 marathons, ${'and then he went on about it and on and on '.repeat(3)}until i left`,
        ],
        'i have run 7 marathons',
      ],
      ['How many marathons did I say I had run?', ['I have two cats.', 'I am 34.'], unsure],
      ['What colour did I say my car was?', ['I wore a red coat.', 'My car is green.'], 'My car is green.'],
      ['What colour did I say the door was?', ['I wore a red coat.'], unsure],
    ])('%s', async (question, lines, answer) => {
      expect(await ask(question, lines, [])).toContain(answer);
    });

    it('a remembered fact about something else does not answer where a line does', async () => {
      const known = ['I have said goodbye to my car on 1 June.'];
      const lines = ["My sister's birthday is on 3 May."];
      expect(await ask("When did I say my sister's birthday was, before the car?", lines, known)).toContain(
        '3 May',
      );
    });
  });
});
