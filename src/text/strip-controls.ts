/** Text without control characters (tabs and line breaks stay), with `\n` line ends and well-formed surrogates. */
export function stripControls(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : ''));
}
