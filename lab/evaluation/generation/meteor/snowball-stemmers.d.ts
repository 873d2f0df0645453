declare module 'snowball-stemmers' {
  const snowball: {
    /** The stemmer of a language by its English name. */
    newStemmer(language: string): { stem(word: string): string };
  };
  export = snowball;
}
