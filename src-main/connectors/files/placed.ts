const two = (number: number): string => String(number).padStart(2, '0');

/** The words in braces that a path may hold, by the local clock of the run's request. */
export function placed(path: string, { requestedAt: at, runId }: { readonly requestedAt: Date; readonly runId: string }): string {
  const words: Readonly<Record<string, string>> = {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}`,
    runId,
  };
  return path.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}

/** Words in braces that mean nothing, each as a problem of the field `path`. */
export const unknownWords = (path: string): readonly { readonly field: string; readonly message: string; readonly remedy: string }[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, word]) => word ?? '').filter((word) => !['date', 'time', 'runId'].includes(word))
    .map((word) => ({ field: 'path', message: `The path holds {${word}}, which means nothing here.`, remedy: 'Use {date}, {time} or {runId}.' }));
