declare module 'sentencex' {
  /** Sentences of a text in order; spaces at their ends may be dropped. */
  // eslint-disable-next-line import-x/no-default-export -- the library's only export is its default
  export default function segment(language: string, text: string): string[];
}
