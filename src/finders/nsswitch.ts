/** Databases of nsswitch.conf(5) with the services that a rootfs has for them. Each line stands by itself. */
export const NSSWITCH = {
  passwd: 'passwd: files',
  group: 'group: files',
  hosts: 'hosts: files dns',
  services: 'services: files',
  protocols: 'protocols: files',
} as const;

/** A database that some program asks. */
export type Database = keyof typeof NSSWITCH;

/**
 * The services that an nsswitch.conf names for any of some databases, each once and in order; actions such as
 * `[NOTFOUND=return]` are none.
 */
export function servicesOf(text: string, databases: ReadonlySet<string>): readonly string[] {
  const services = new Set<string>();
  for (const line of text.split('\n')) {
    const [, database = '', list = ''] = /^\s*(\w+)\s*:([^#]*)/.exec(line) ?? [];
    if (!databases.has(database)) continue;
    for (const word of list.replace(/\[[^\]]*\]/g, ' ').split(/\s+/)) {
      if (/^\w[\w-]*$/.test(word)) services.add(word);
    }
  }
  return [...services];
}
