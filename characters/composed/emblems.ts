import type { Part } from './part-schema.js';
import { chosenBy } from './seeded.js';

/** Emblems and the words they stand for; the first that fits wins within a part. */
const meant: readonly (readonly [emblem: string, words: RegExp])[] = [
  ['🏊', /\bswim|lido|\bpool\b/i],
  ['🎻', /violin|fiddle|cello|orchestra/i],
  ['🎹', /piano|organ\b|keyboard/i],
  ['🎸', /guitar|banjo|ukulele/i],
  ['🥁', /drum/i],
  ['🎺', /trumpet|brass band|tuba|horn\b/i],
  ['🎤', /sing|choir|karaoke/i],
  ['💃', /danc/i],
  ['🎭', /theatre|stage|act(?:s|ing) in|puppet/i],
  ['📷', /photo|camera/i],
  ['🎨', /paint|watercolou?r|sketch|draw/i],
  ['🧵', /sew|stitch|embroider|quilt|tailor/i],
  ['🧶', /knit|crochet|wool|weav/i],
  ['🏺', /pott|clay|ceramic/i],
  ['🪵', /carv|wood|carpent|joiner/i],
  ['🐝', /\bbee|honey/i],
  ['🌱', /garden|allotment|seed|grow/i],
  ['🌵', /cactus|cacti|succulent/i],
  ['🌷', /flower|tulip|florist/i],
  ['🍄', /mushroom|forag/i],
  ['🐦', /bird|pigeon/i],
  ['🐴', /horse|pony/i],
  ['🎣', /fish|angl/i],
  ['⛵', /sail|boat|ship|canoe|kayak|row/i],
  ['🚲', /bicycle|cycl|bike/i],
  ['🥾', /hik|walk|ramble|mountain/i],
  ['🧗', /climb/i],
  ['🏃', /\brun(?:s|ning)?\b|marathon|jog/i],
  ['⚽', /football|soccer/i],
  ['🏀', /basketball/i],
  ['🏓', /table tennis|ping/i],
  ['🏸', /badminton/i],
  ['🎾', /tennis/i],
  ['🥋', /judo|karate|aikido|boxing/i],
  ['🛼', /skat/i],
  ['♟️', /chess/i],
  ['🎲', /board game|dice|games/i],
  ['🧩', /puzzle|jigsaw|crossword/i],
  ['📚', /book|librar|read/i],
  ['✍️', /writ|poem|poet|diary|letters/i],
  ['🔭', /star|telescope|astronom|planet/i],
  ['🗺️', /map/i],
  ['📻', /radio/i],
  ['⏰', /clock|watch(?:es|maker)/i],
  ['🚂', /train|railway|tram/i],
  ['🚌', /\bbus\b/i],
  ['🚕', /taxi|driver/i],
  ['🍞', /bread|bak(?:e|ing|er)/i],
  ['🍲', /cook|soup|stew|chef|kitchen/i],
  ['🍰', /cake|pastr/i],
  ['🫖', /\btea\b/i],
  ['☕', /coffee|barista|café/i],
  ['🧀', /cheese/i],
  ['🩺', /nurse|doctor|midwife|ward|hospital/i],
  ['🧪', /laborator|chemist|research/i],
  ['💻', /program|software|code|computer/i],
  ['🔧', /mechanic|plumb|repair|fix/i],
  ['💡', /electric|lamp/i],
  ['🧱', /brick|build/i],
  ['✂️', /hair|barber/i],
  ['📮', /post/i],
  ['🏫', /teach|school|pupil/i],
  ['⚖️', /court|law|notary/i],
  ['🧹', /clean/i],
  ['🌊', /sea\b|surf|coast|div(?:e|ing)/i],
  ['🪁', /kite/i],
  ['🐕', /\bdog/i],
  ['🐈', /\bcat\b/i],
];

const others = ['🌙', '🌿', '🍁', '🪴', '🌾', '🐚', '🪶', '🍋', '🕯️', '🧭', '🪷', '🐌', '🦊', '🦉', '🐢', '🦔', '🌻', '🍐', '🫐', '⛰️', '🪟', '🧦', '🎈', '🌦️'];

/** The emblem of a composed character: of what it does, where a picture is known for that. */
export function emblemOf(id: string, parts: readonly Part[]): string {
  const found = parts.flatMap(({ sum, title = '', id: name, text }) => {
    const short = `${sum} ${title} ${name.replaceAll('-', ' ')}`;
    const fit = meant.find(([, words]) => words.test(short)) ?? meant.find(([, words]) => words.test(text));
    return fit ? [fit[0]] : [];
  });
  return chosenBy(id, found.length > 0 ? found : others);
}
