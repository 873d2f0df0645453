import { ComponentType } from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, formUnits } from '../../../../adapters/discord/interactions/forms.js';
import { personaForm, personaSent } from '../../../../adapters/discord/interactions/persona-form.js';
import { loadLocale } from '../../../../app/settings.js';
import { personaLimits } from '../../../../src/commands/persona.js';
import type { SeekerPersona } from '../../../../src/memory/profile.js';

const { say } = loadLocale('en');

/** The form sent back as it was opened. */
function sentUnchanged(persona: SeekerPersona): SeekerPersona {
  const form = personaForm('described', persona, say);
  const fields = new Map(
    form.components.flatMap((component) => {
      if (component.type !== ComponentType.Label) return [];
      const inner = component.component;
      if (inner.type === ComponentType.TextInput) return [[inner.custom_id, inner.value ?? ''] as const];
      if (inner.type !== ComponentType.StringSelect) return [];
      return [[inner.custom_id, inner.options.find((option) => option.default)?.value ?? ''] as const];
    }),
  );
  return personaSent(fields, persona);
}

describe('the form about oneself', () => {
  it('keeps to Discord’s limits', () => {
    const persona = {
      facts: Array.from({ length: personaLimits.facts }, (_, n) => `${n}`.padEnd(personaLimits.fact, 'x')),
      worry: 'y'.repeat(personaLimits.worry),
      name: 'n'.repeat(personaLimits.name),
      mbti: 'INTJ',
    };
    for (const purpose of ['matched', 'described'] as const) {
      const form = personaForm(purpose, persona, say);
      expect(form.title.length).toBeLessThanOrEqual(formUnits.title);
      expect(form.components.length).toBeLessThanOrEqual(5);
      for (const component of form.components) {
        if (component.type !== ComponentType.Label) throw new Error('a field without a label');
        expect(component.label.length).toBeLessThanOrEqual(formUnits.label);
        expect(component.description?.length ?? 0).toBeLessThanOrEqual(formUnits.description);
        const inner = component.component;
        if (inner.type === ComponentType.StringSelect) expect(inner.options).toHaveLength(16);
        if (inner.type !== ComponentType.TextInput) continue;
        expect(inner.value?.length ?? 0).toBeLessThanOrEqual(inner.max_length ?? 0);
        expect(inner.max_length).toBeLessThanOrEqual(formUnits.value);
        expect(inner.placeholder?.length ?? 0).toBeLessThanOrEqual(formUnits.placeholder);
      }
    }
  });

  it('sent unchanged changes nothing, also where there are more facts than it holds', () => {
    const fact = fc
      .string({ minLength: 1, maxLength: personaLimits.fact })
      .map((words) => `I ${words.replace(/[\s\p{C}]+/gu, ' ')}`.trim().slice(0, personaLimits.fact).trim());
    fc.assert(
      fc.property(fc.array(fact, { maxLength: personaLimits.facts }), (facts) => {
        const persona = { facts, mbti: 'ENFP', worry: 'work' };
        expect(sentUnchanged(persona)).toEqual(persona);
      }),
    );
    const long = Array.from({ length: 20 }, (_, n) => `fact ${n} `.padEnd(300, 'x'));
    expect(sentUnchanged({ facts: long }).facts).toEqual(long);
  });

  it('reads fields of either kind of form', () => {
    const fields = fieldsOf({
      components: [
        {
          type: ComponentType.Label,
          component: { type: ComponentType.StringSelect, custom_id: 'mbti', values: [] },
        },
        {
          type: ComponentType.ActionRow,
          components: [{ type: ComponentType.TextInput, custom_id: 'worry', value: 'exams' }],
        },
        { type: ComponentType.TextDisplay },
      ],
    });
    expect([...fields]).toEqual([
      ['mbti', ''],
      ['worry', 'exams'],
    ]);
  });
});
