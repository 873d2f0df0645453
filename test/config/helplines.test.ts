import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helplineMaxDays, loadHelplines, staleHelplines } from '../../config/helplines.js';
import { countryNamed } from '../../src/care/countries.js';
import { helpFor } from '../../src/care/helplines.js';
import { languageOf } from '../../src/care/languages.js';
import { countryOfZone } from '../../src/care/time-zones.js';
import { countryOf, firstLocale } from '../../src/care/where.js';

const table = loadHelplines();
const day = 86_400_000;

describe('helplines', () => {
  it('are there for at least 45 countries, and for everywhere', () => {
    expect(table.size).toBeGreaterThanOrEqual(46);
    expect(table.get('international')?.lines.length).toBeGreaterThan(2);
  });

  // Deliberately by today's date: numbers change, and nobody looks unless something fails. Whoever meets this failure reads
  // each source again and sets `checked` (or `confirmed: false`) in config/helplines.
  it(`none was checked more than ${helplineMaxDays} days ago: read the sources again and set "checked"`, () => {
    expect(staleHelplines(table, Date.now()).old).toEqual([]);
  });

  it('one that was checked too long ago is named', () => {
    const checked = table.get('DE')?.lines[0]?.checked ?? 0;
    expect(staleHelplines(table, checked + helplineMaxDays * day).old).toEqual([]);
    expect(staleHelplines(table, checked + (helplineMaxDays + 1) * day).old).toContain('DE TelefonSeelsorge');
  });

  it.each([
    [
      'no way to reach it',
      'country: ZZ\nname: Z\nemergency: ["112"]\nlines: [{ name: A, for: [suicide], hours: x, languages: [en], source: "https://a.example/", checked: 2026-01-01 }]',
    ],
    [
      'neither checked nor unconfirmed',
      'country: ZZ\nname: Z\nemergency: ["112"]\nlines: [{ name: A, for: [suicide], phone: "116", hours: x, languages: [en], source: "https://a.example/" }]',
    ],
    [
      'another country than its name',
      'country: YY\nname: Z\nemergency: ["112"]\nlines: [{ name: A, for: [suicide], phone: "116", hours: x, languages: [en], source: "https://a.example/", checked: 2026-01-01 }]',
    ],
  ])('a malformed file is refused: %s', (_, yaml) => {
    const folder = mkdtempSync(join(tmpdir(), 'helplines-'));
    writeFileSync(join(folder, 'zz.yaml'), yaml);
    expect(() => loadHelplines(folder)).toThrow(/zz\.yaml/);
    rmSync(folder, { recursive: true });
  });

  it('are those of the person’s country, at most three, and of what they wrote about', () => {
    const german = helpFor(table, 'DE', 'suicide', 'de');
    expect(german.lines[0]?.name).toBe('TelefonSeelsorge');
    expect(german.lines.length).toBeLessThanOrEqual(3);
    expect(german.emergency).toContain('112');
    expect(helpFor(table, 'US', 'abuse', 'en').lines[0]?.name).toBe('National Domestic Violence Hotline');
    expect(helpFor(table, null, 'suicide', 'en').lines[0]?.name).toBe('Find A Helpline');
    expect(helpFor(table, 'AQ', 'suicide', 'en').lines[0]?.name).toBe('Find A Helpline');
  });

  it.each([...table.keys()])('%s has somebody for every kind, or the world has', (country) => {
    for (const kind of ['suicide', 'self-harm', 'abuse', 'violence', 'medical', 'other'] as const)
      expect(helpFor(table, country, kind, 'en').lines.length).toBeGreaterThan(0);
  });
});

describe('where somebody is and what they speak', () => {
  it.each([
    ['at', 'de', 'AT'],
    [undefined, 'en-GB', 'GB'],
    [undefined, 'de-AT', 'AT'],
    [undefined, 'ja', 'JP'],
    [undefined, 'en', null],
    [undefined, 'de', null],
    [undefined, 'es-419', null],
    [undefined, 'en_US.UTF-8', 'US'],
    [undefined, 'C.UTF-8', null],
    ['uk', undefined, 'GB'],
    ['Austria', 'sv-SE', 'SE'],
    [undefined, undefined, null],
  ])('%s and %s: %s', (named, locale, country) => expect(countryOf(named, { locale })).toBe(country));

  it.each([
    ['Europe/Berlin', 'DE'],
    ['Europe/London', 'GB'],
    ['Asia/Calcutta', 'IN'],
    ['Asia/Kolkata', 'IN'],
    ['US/Pacific', 'US'],
    ['America/Argentina/Buenos_Aires', 'AR'],
    ['Europe/Kiev', 'UA'],
    ['Africa/Kinshasa', null],
    ['UTC', undefined],
    ['Etc/GMT+5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('the time zone %s lies in %s', (zone, country) => expect(countryOfZone(zone)).toBe(country));

  it.each([...table.keys()].filter((country) => country !== 'international'))(
    '%s has a time zone',
    (country) => {
      const zones = Intl.supportedValuesOf('timeZone').map((zone) => countryOfZone(zone));
      expect(zones).toContain(country);
    },
  );

  it('the time zone decides before the language that programs come with, and what was said before both', () => {
    const whereabouts = { locale: 'en-US', timeZone: 'Europe/Vienna' };
    expect(countryOf(undefined, whereabouts)).toBe('AT');
    expect(countryOf('CH', whereabouts)).toBe('CH');
    expect(countryOf(undefined, { ...whereabouts, timeZone: 'UTC' })).toBe('US');
    expect(countryOf(undefined, { ...whereabouts, timeZone: 'Africa/Kinshasa' })).toBeNull();
  });

  it.each([
    ['GB', 'GB'],
    ['uk', 'GB'],
    ['United Kingdom', 'GB'],
    ['Scotland.', 'GB'],
    ['the Netherlands', 'NL'],
    ['Österreich', 'AT'],
    ['Osterreich', 'AT'],
    ['México', 'MX'],
    ['भारत', 'IN'],
    ['日本', 'JP'],
    ['Srbija', 'RS'],
    ['Poland', 'PL'],
    ['Germany', 'DE'],
    ['USA', 'US'],
    ['QQ', null],
    ['EU', null],
    ['i want to die', null],
    ['', null],
  ])('somebody who says %s is in %s', (typed, country) => expect(countryNamed(typed)).toBe(country));

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de-AT'],
    ['*', undefined],
    [null, undefined],
  ])('Accept-Language %s: %s', (header, locale) => expect(firstLocale(header)).toBe(locale));

  it.each([
    ['I want to die', 'en'],
    ['Ich will nicht mehr leben', 'de'],
    ['quiero morirme', 'es'],
    ['Je veux mourir', 'fr'],
    ['não quero mais viver', 'pt'],
    ['Non voglio più vivere', 'it'],
    ['ik wil niet meer leven', 'nl'],
    ['Nie chcę już żyć', 'pl'],
    ['artık yaşamak istemiyorum', 'tr'],
    ['Ne želim više da živim', 'sr'],
    ['Не желим више да живим', 'sr'],
    ['я не хочу жить', 'ru'],
    ['أريد أن أموت', 'ar'],
    ['मैं मरना चाहता हूँ', 'hi'],
    ['もう死にたい', 'ja'],
    ['我想死', 'zh'],
    ['42', null],
  ])('%s is %s', (text, language) => expect(languageOf(text)).toBe(language));
});
