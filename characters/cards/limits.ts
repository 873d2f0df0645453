const mib = 1_048_576;

/** What an imported file may hold. Everything is counted before or while it is read; beyond, the file is refused. */
export const cardLimits = {
  fileBytes: 48 * mib,
  /** The text of a card, in a file of its own or inside another. */
  cardBytes: 12 * mib,
  /** What packed texts of one PNG come to together. */
  unpackedBytes: 32 * mib,
  /** YAML takes its time: nobody writes longer characters by hand. */
  yamlBytes: mib / 8,
  yamlMarks: 4_000,
  /** Lists and objects inside one another. */
  nesting: 64,
  /** Texts, numbers and the like in one JSON, and numbers that JavaScript cannot hold; of more of these, digits are lost. */
  values: 150_000,
  oddNumbers: 10_000,
  /** Characters in one file. */
  records: 2_000,
  /** Parts of a PNG, and those of them that are tried as its card; files in a zip. */
  chunks: 20_000,
  pngCards: 8,
  zipEntries: 1_000,
  /** One picture, expression or other file, and all of them. */
  assetBytes: 16 * mib,
  allBytes: 64 * mib,
  /** How much larger than its compressed bytes a file of more than a mebibyte may be. */
  ratio: 200,
  /** What is played of a text of a card, UTF-16 units; beyond, it is kept and not played. */
  textUnits: 64_000,
  /** What is played of a lorebook, entries as JSON, UTF-16 units. */
  bookUnits: 1_000_000,
  /** What is said first: no more than is judged before it is said (care/said/whole-text.ts), with room for what macros add. */
  greetingUnits: 6_000,
  nameUnits: 100,
  greetings: 100,
  tags: 100,
  assets: 500,
  /** What people may bring themselves; an operator's files may be larger. */
  uploadBytes: 12 * mib,
  /** What is shown of a picture; a larger one is kept, and the drawn face shown. */
  pictureBytes: 3 * mib,
} as const;
