/** IANA's time zones by country, with the names they had before: the countries that config/helplines has. */
const zonesOf: Readonly<Record<string, string>> = {
  AE: 'Asia/Dubai',
  AR: `
    America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/Cordoba
    America/Argentina/Jujuy America/Argentina/La_Rioja America/Argentina/Mendoza
    America/Argentina/Rio_Gallegos America/Argentina/Salta America/Argentina/San_Juan
    America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia
    America/Argentina/ComodRivadavia America/Buenos_Aires America/Catamarca America/Cordoba
    America/Jujuy America/Mendoza America/Rosario`,
  AT: 'Europe/Vienna',
  AU: `
    Antarctica/Macquarie Australia/Adelaide Australia/Brisbane Australia/Broken_Hill
    Australia/Darwin Australia/Eucla Australia/Hobart Australia/Lindeman Australia/Lord_Howe
    Australia/Melbourne Australia/Perth Australia/Sydney Australia/ACT Australia/Canberra
    Australia/Currie Australia/LHI Australia/NSW Australia/North Australia/Queensland
    Australia/South Australia/Tasmania Australia/Victoria Australia/West Australia/Yancowinna`,
  BA: 'Europe/Sarajevo',
  BD: 'Asia/Dhaka Asia/Dacca',
  BE: 'Europe/Brussels',
  BG: 'Europe/Sofia',
  BR: `
    America/Araguaina America/Bahia America/Belem America/Boa_Vista America/Campo_Grande
    America/Cuiaba America/Eirunepe America/Fortaleza America/Maceio America/Manaus America/Noronha
    America/Porto_Velho America/Recife America/Rio_Branco America/Santarem America/Sao_Paulo
    America/Porto_Acre Brazil/Acre Brazil/DeNoronha Brazil/East Brazil/West`,
  CA: `
    America/Atikokan America/Blanc-Sablon America/Cambridge_Bay America/Creston America/Dawson
    America/Dawson_Creek America/Edmonton America/Fort_Nelson America/Glace_Bay America/Goose_Bay
    America/Halifax America/Inuvik America/Iqaluit America/Moncton America/Rankin_Inlet
    America/Regina America/Resolute America/St_Johns America/Swift_Current America/Toronto
    America/Vancouver America/Whitehorse America/Winnipeg America/Montreal America/Nipigon
    America/Pangnirtung America/Rainy_River America/Thunder_Bay America/Yellowknife Canada/Atlantic
    Canada/Central Canada/Eastern Canada/Mountain Canada/Newfoundland Canada/Pacific
    Canada/Saskatchewan Canada/Yukon`,
  CH: 'Europe/Zurich',
  CL: `
    America/Coyhaique America/Punta_Arenas America/Santiago Pacific/Easter Chile/Continental
    Chile/EasterIsland`,
  CN: 'Asia/Shanghai Asia/Urumqi Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Kashgar PRC',
  CO: 'America/Bogota',
  CY: 'Asia/Famagusta Asia/Nicosia Europe/Nicosia',
  CZ: 'Europe/Prague',
  DE: 'Europe/Berlin Europe/Busingen',
  DK: 'Europe/Copenhagen',
  EE: 'Europe/Tallinn',
  EG: 'Africa/Cairo Egypt',
  ES: 'Africa/Ceuta Atlantic/Canary Europe/Madrid',
  ET: 'Africa/Addis_Ababa',
  FI: 'Europe/Helsinki',
  FR: 'Europe/Paris',
  GB: 'Europe/London Europe/Belfast GB GB-Eire',
  GH: 'Africa/Accra',
  GR: 'Europe/Athens',
  HK: 'Asia/Hong_Kong Hongkong',
  HR: 'Europe/Zagreb',
  HU: 'Europe/Budapest',
  ID: 'Asia/Jakarta Asia/Jayapura Asia/Makassar Asia/Pontianak Asia/Ujung_Pandang',
  IE: 'Europe/Dublin Eire',
  IL: 'Asia/Jerusalem Asia/Tel_Aviv Israel',
  IN: 'Asia/Kolkata Asia/Calcutta',
  IS: 'Atlantic/Reykjavik',
  IT: 'Europe/Rome',
  JP: 'Asia/Tokyo Japan',
  KE: 'Africa/Nairobi',
  KR: 'Asia/Seoul ROK',
  LI: 'Europe/Vaduz',
  LK: 'Asia/Colombo',
  LT: 'Europe/Vilnius',
  LU: 'Europe/Luxembourg',
  LV: 'Europe/Riga',
  MA: 'Africa/Casablanca',
  MD: 'Europe/Chisinau Europe/Tiraspol',
  MT: 'Europe/Malta',
  MX: `
    America/Bahia_Banderas America/Cancun America/Chihuahua America/Ciudad_Juarez America/Hermosillo
    America/Matamoros America/Mazatlan America/Merida America/Mexico_City America/Monterrey
    America/Ojinaga America/Tijuana America/Ensenada America/Santa_Isabel Mexico/BajaNorte
    Mexico/BajaSur Mexico/General`,
  MY: 'Asia/Kuala_Lumpur Asia/Kuching',
  NG: 'Africa/Lagos',
  NL: 'Europe/Amsterdam',
  NO: 'Europe/Oslo',
  NP: 'Asia/Kathmandu Asia/Katmandu',
  NZ: 'Pacific/Auckland Pacific/Chatham NZ NZ-CHAT',
  PE: 'America/Lima',
  PH: 'Asia/Manila',
  PK: 'Asia/Karachi',
  PL: 'Europe/Warsaw Poland',
  PT: 'Atlantic/Azores Atlantic/Madeira Europe/Lisbon Portugal',
  RO: 'Europe/Bucharest',
  RS: 'Europe/Belgrade',
  RU: `
    Asia/Anadyr Asia/Barnaul Asia/Chita Asia/Irkutsk Asia/Kamchatka Asia/Khandyga Asia/Krasnoyarsk
    Asia/Magadan Asia/Novokuznetsk Asia/Novosibirsk Asia/Omsk Asia/Sakhalin Asia/Srednekolymsk
    Asia/Tomsk Asia/Ust-Nera Asia/Vladivostok Asia/Yakutsk Asia/Yekaterinburg Europe/Astrakhan
    Europe/Kaliningrad Europe/Kirov Europe/Moscow Europe/Samara Europe/Saratov Europe/Ulyanovsk
    Europe/Volgograd W-SU`,
  SA: 'Asia/Riyadh',
  SE: 'Europe/Stockholm',
  SG: 'Asia/Singapore Singapore',
  SI: 'Europe/Ljubljana',
  SK: 'Europe/Bratislava',
  TH: 'Asia/Bangkok',
  TN: 'Africa/Tunis',
  TR: 'Europe/Istanbul Asia/Istanbul Turkey',
  TW: 'Asia/Taipei ROC',
  UA: 'Europe/Kyiv Europe/Simferopol Europe/Kiev Europe/Uzhgorod Europe/Zaporozhye',
  UG: 'Africa/Kampala',
  US: `
    America/Adak America/Anchorage America/Boise America/Chicago America/Denver America/Detroit
    America/Indiana/Indianapolis America/Indiana/Knox America/Indiana/Marengo
    America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay
    America/Indiana/Vincennes America/Indiana/Winamac America/Juneau America/Kentucky/Louisville
    America/Kentucky/Monticello America/Los_Angeles America/Menominee America/Metlakatla
    America/New_York America/Nome America/North_Dakota/Beulah America/North_Dakota/Center
    America/North_Dakota/New_Salem America/Phoenix America/Sitka America/Yakutat Pacific/Honolulu
    America/Atka America/Fort_Wayne America/Indianapolis America/Knox_IN America/Louisville
    America/Shiprock Navajo Pacific/Johnston US/Alaska US/Aleutian US/Arizona US/Central US/East-
    Indiana US/Eastern US/Hawaii US/Indiana-Starke US/Michigan US/Mountain US/Pacific`,
  UY: 'America/Montevideo',
  VN: 'Asia/Ho_Chi_Minh Asia/Saigon',
  ZA: 'Africa/Johannesburg',
};

const countries: ReadonlyMap<string, string> = new Map(
  Object.entries(zonesOf).flatMap(([country, zones]) =>
    zones
      .trim()
      .split(/\s+/)
      .map((zone) => [zone.toLowerCase(), country] as const),
  ),
);

/**
 * The country of a time zone. Null where the zone lies in none of those there are helplines of; undefined where it says nothing
 * (`UTC`, an offset, no zone at all).
 */
export function countryOfZone(zone: string | undefined): string | null | undefined {
  const name = zone?.trim().toLowerCase() ?? '';
  const country = countries.get(name);
  if (country !== undefined) return country;
  return /^[a-z]+\/[a-z_/+-]+$/.test(name) && !name.startsWith('etc/') ? null : undefined;
}

/** Whether a name is that of a time zone, as this machine knows them, and says where somebody is. */
export function isTimeZone(zone: string | undefined): zone is string {
  return zone !== undefined && /^[A-Za-z]+\/[A-Za-z_/+-]+$/.test(zone) && offsetOf(zone, 0) !== null;
}

/** A time zone of a country in which the clocks show one time everywhere; undefined for the others. @param at ms since the epoch. */
export function zoneOfCountry(country: string | undefined, at: number): string | undefined {
  const zones = (zonesOf[country ?? ''] ?? '')
    .trim()
    .split(/\s+/)
    .filter((zone) => zone.includes('/'));
  const offsets = new Set(zones.map((zone) => offsetOf(zone, at)));
  offsets.delete(null);
  return offsets.size === 1 ? zones.find((zone) => offsetOf(zone, at) !== null) : undefined;
}

/** How a zone's clocks differ from UTC, in words; null where the name is none. */
function offsetOf(zone: string, at: number): string | null {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return parts.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? null;
  } catch {
    return null;
  }
}
