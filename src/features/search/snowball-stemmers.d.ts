declare module 'snowball-stemmers' {
  interface Stemmer {
    stem(word: string): string;
  }
  const snowball: { newStemmer(algorithm: string): Stemmer };

  // biome-ignore lint/style/noDefaultExport: that is how a CommonJS module is seen from here
  export { snowball as default };
}
