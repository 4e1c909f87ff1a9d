/** What one PAM service file names (pam.conf(5)). */
export interface PamStack {
  /** Other files of the directory. */
  readonly includes: readonly string[];
  /** Modules, absolute or by file name. */
  readonly modules: readonly string[];
}

/** Reads one file of /etc/pam.d: `type control module arguments`, `@include file`; control may be `[…]`. */
export function pamStack(text: string): PamStack {
  const includes: string[] = [];
  const modules: string[] = [];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const whole = /^\s*@include\s+(\S+)/.exec(line)?.[1];
    if (whole !== undefined) includes.push(whole);
    const [, control, target] = /^\s*-?\w+\s+(\[[^\]]*\]|\w+)\s+([^\s#]+)/.exec(line) ?? [];
    if (target === undefined) continue;
    if (control === 'include' || control === 'substack') includes.push(target);
    else modules.push(target);
  }
  return { includes, modules };
}
