import { describe, expect, it } from 'vitest';
import { localWhereabouts } from '../../../adapters/terminal/local-person.js';
import { countryOf } from '../../../src/care/where.js';

describe('where a machine is', () => {
  it.each([
    [{ TZ: 'Europe/Vienna', LANG: 'en_US.UTF-8' }, 'AT'],
    [{ TZ: ':Europe/London' }, 'GB'],
    [{ TZ: 'UTC', LANG: 'de_CH.UTF-8' }, 'CH'],
    [{ TZ: 'UTC', LANG: 'en_US.UTF-8', LC_ALL: 'pl_PL.UTF-8' }, 'PL'],
    [{ TZ: 'UTC', LANG: 'C.UTF-8' }, null],
    [{ TZ: 'UTC' }, null],
  ])('with %j is %s', (environment, country) => {
    expect(countryOf(undefined, localWhereabouts(environment))).toBe(country);
  });
});
