import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { stages } from '../../src/turn/stages/stages.js';

describe('the stages of a turn', () => {
  it('begin with care', () => {
    expect(stages[0]?.name).toBe('care');
    expect(stages.filter(({ phase }) => phase === 'care')).toEqual([stages[0]]);
  });

  it('stand in docs/architecture.md in their order', () => {
    const text = readFileSync(join(packageRoot, 'docs/architecture.md'), 'utf8');
    const life = text.slice(text.indexOf('## Life of a message'));
    const order = stages.filter(({ phase }) => phase !== 'speak').map(({ name }) => name);
    expect(life).toMatch(new RegExp(`→ ${order.join('(?: →|,) ')} `));
    for (const { name } of stages.filter(({ phase }) => phase === 'speak')) expect(life).toContain(name);
  });
});
