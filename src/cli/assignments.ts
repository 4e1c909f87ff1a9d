import { RootfsError } from '../errors.ts';

/**
 * Reads words of the form NAME=VALUE; of two for one name the last counts.
 * @param option the option that they belong to
 * @param verb what cannot be done where one is wrong
 * @throws RootfsError ERR_USAGE
 */
export function assignments(
  words: readonly string[],
  option: string,
  verb: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at <= 0)
        throw new RootfsError('ERR_USAGE', `cannot ${verb}: '${word}' is no assignment`, {
          hint: `--${option} takes NAME=VALUE`,
        });
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}
