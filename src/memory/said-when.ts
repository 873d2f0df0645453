const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A stretch of time, ms since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

const numbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};
const unitDays: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30.4, year: 365 };
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const counted =
  /\b(an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (day|week|month|year)s? ago\b/i;
const few = /\b(?:few|couple of|some) (day|week|month|year)s? ago\b/i;
const last =
  /\blast (week|month|year|night|weekend)\b|letzte(?:n|r)? (?:woche|monat)|la semaine derni[èe]re|la semana pasada|la settimana scorsa|semana passada|vorige week|на прошлой неделе|w zesz[łl]ym tygodniu|ge[çc]en hafta|先週|上周|上週/i;
const onDay = /\b(?:on|last) (sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b/i;
const yesterday =
  /\byesterday\b|\bgestern\b|\bhier soir\b|\bayer\b|\bieri\b|\bontem\b|\bgisteren\b|\bwczoraj\b|вчера|\bd[üu]n\b|昨日|昨天/i;

/**
 * The past time that a message names ("last week", "two days ago", "on Monday"), generously; null where it names none. English, and
 * the commonest words of other languages.
 * @param now ms since the epoch.
 */
export function timeNamed(text: string, now: number): Period | null {
  const back = (most: number, least: number): Period => ({
    from: now - most * dayMs,
    to: now - least * dayMs,
  });
  const exact = counted.exec(text);
  if (exact) {
    const [, amount = '', unit = ''] = exact;
    const days = (numbers[amount.toLowerCase()] ?? Number(amount)) * (unitDays[unit.toLowerCase()] ?? 1);
    return back(days * 1.4 + 1, days * 0.6 - 0.5);
  }
  const vague = few.exec(text);
  if (vague) {
    const days = unitDays[vague[1]?.toLowerCase() ?? ''] ?? 1;
    return back(days * 8, days * 1.2);
  }
  if (/\bthe day before yesterday\b|vorgestern|avant-hier|anteayer/i.test(text)) return back(3, 1);
  if (yesterday.test(text)) return back(2, 0.2);
  if (/\bthe other day\b|\brecently\b/i.test(text)) return back(14, 0.5);
  const named = onDay.exec(text);
  if (named) {
    const wanted = weekdays.indexOf(named[1]?.toLowerCase() ?? '');
    const days = (new Date(now).getUTCDay() - wanted + 7) % 7 || 7;
    return back(days + 1, days - 1.5);
  }
  const before = last.exec(text);
  if (!before) return null;
  const unit = before[1]?.toLowerCase() ?? 'week';
  if (unit === 'night') return back(1.6, 0.1);
  if (unit === 'year') return back(730, 60);
  return unit === 'month' ? back(65, 14) : back(14.5, unit === 'weekend' ? 0.5 : 2.5);
}

/**
 * How long ago something was, in words: `3 weeks ago`, `yesterday`, `2 hours ago`.
 * @param language BCP 47.
 */
export function longAgo(at: number, now: number, language = 'en'): string {
  const days = (now - at) / dayMs;
  const say = (amount: number, unit: Intl.RelativeTimeFormatUnit): string =>
    new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(-Math.round(amount), unit);
  if (days < 1 / 24) return say(Math.max(1, days * 24 * 60), 'minute');
  if (days < 1) return say(days * 24, 'hour');
  if (days < 14) return say(days, 'day');
  if (days < 60) return say(days / 7, 'week');
  return days < 720 ? say(days / 30.4, 'month') : say(days / 365, 'year');
}

/** A day as it is written: `3 May 2026`. @param zone IANA's name. */
export function dayOf(at: number, zone = 'UTC'): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  }).format(at);
}

const relative =
  /\b(?:today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening|week|weekend|month|year|spring|summer|autumn|fall|winter)|(?:next|last|coming) (?:week|weekend|month|year|night|spring|summer|autumn|fall|winter|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:on|by|until|till) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|in (?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+|a few|a couple of) (?:hours?|days?|weeks?|months?|years?)|(?:hours?|days?|weeks?|months?|years?) ago|right now|currently|at the moment|soon|recently|just (?:now|started|moved|got|had)|heute|morgen|übermorgen|gestern|vorgestern|nächste[nrs]? (?:woche|monat|jahr)|letzte[nrs]? (?:woche|monat|jahr)|hoy|mañana|ayer|la (?:próxima semana|semana que viene|semana pasada)|aujourd['’]hui|demain|hier|la semaine (?:prochaine|dernière)|oggi|domani|ieri|la (?:prossima settimana|settimana scorsa)|hoje|amanhã|ontem|vandaag|gisteren|volgende week|vorige week|dzisiaj|dziś|jutro|wczoraj|danas|sutra|juče|jučer|bugün|yarın|dün)(?![\p{L}])|сегодня|завтра|вчера|на следующей неделе|на прошлой неделе|今日|明日|昨日|来週|先週|今天|明天|昨天|下周|上周|اليوم|غدا|أمس|आज|कल/iu;

/** Whether a text speaks of days as they are when it is said: "tomorrow", "last week". In the languages of the care answer. */
export function isRelative(text: string): boolean {
  return relative.test(text);
}

/** A stretch since somebody last wrote that is worth telling, ms. */
const gapMs = 6 * hourMs;

/** How long ago somebody last wrote, in words; undefined where it is less than some hours. */
export function gapSince(at: number | undefined, now: number): string | undefined {
  return at !== undefined && now - at >= gapMs ? longAgo(at, now) : undefined;
}

/** What day it is and, where the zone is known, what time: `Wednesday, 20 May 2026, 14:05 where the person is`. */
export function todayIn(now: number, zone: string | undefined): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: zone ?? 'UTC' }).format(now);
  const day = `${weekday}, ${dayOf(now, zone)}`;
  if (zone === undefined) return `${day} (UTC)`;
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(now);
  return `${day}, ${time} where the person is`;
}
