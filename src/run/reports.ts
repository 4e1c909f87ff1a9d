/** What PID 1 says on its socket (src/run/init/report.h), a line each. */
export type Report =
  /** Everything is in place, the program is next. */
  | { readonly kind: 'start' }
  /** The program ended, with the status that wait(2) gave. */
  | { readonly kind: 'exit'; readonly status: number }
  /** The program cannot be started. */
  | { readonly kind: 'exec'; readonly errno: number; readonly path: string }
  /** The root could not be made; `what` reads `VERB OBJECT`. */
  | { readonly kind: 'setup'; readonly errno: number; readonly what: string };

const LINE = /^(start|exit|exec|setup)(?: (\d+))?(?: (.*))?$/;

/** Reads all complete lines; one that is none of ours is passed over. */
export function parseReports(text: string): readonly Report[] {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line): readonly Report[] => parseReport(line));
}

function parseReport(line: string): readonly Report[] {
  const [, kind, digits = '0', rest = ''] = LINE.exec(line) ?? [];
  const number = Number(digits);
  if (kind === 'start') return [{ kind }];
  if (kind === 'exit') return [{ kind, status: number }];
  if (kind === 'exec') return [{ kind, errno: number, path: rest }];
  if (kind === 'setup') return [{ kind, errno: number, what: rest }];
  return [];
}
