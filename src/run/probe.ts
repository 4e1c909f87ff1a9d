/** Why this machine may refuse namespaces, and the command that mends it. */
import { readFileSync } from 'node:fs';

/** One thing of the machine that stands in the way. */
export interface Obstacle {
  readonly why: string;
  /** What the administrator can do. */
  readonly mend: string;
}

/** Facts of /proc, as text; null where a file is not there. */
export interface KernelFacts {
  readonly maxUserNamespaces: string | null;
  readonly unprivilegedClone: string | null;
  readonly appArmorRestricts: string | null;
  /** /proc/self/mountinfo: whether something lies over a part of /proc. */
  readonly mountInfo: string | null;
  /** Effective user id. */
  readonly uid: number;
}

/** Reads the facts. Starts nothing. */
export function kernelFacts(): KernelFacts {
  return {
    maxUserNamespaces: readFact('/proc/sys/user/max_user_namespaces'),
    unprivilegedClone: readFact('/proc/sys/kernel/unprivileged_userns_clone'),
    appArmorRestricts: readFact('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    mountInfo: readFact('/proc/self/mountinfo'),
    uid: process.geteuid?.() ?? 0,
  };
}

/** What stands in the way of a rootfs of one's own; empty where nothing is known to. Pure. */
export function obstacles(facts: KernelFacts): readonly Obstacle[] {
  const found: Obstacle[] = [];
  const ordinary = facts.uid !== 0;
  if (facts.maxUserNamespaces === '0') {
    found.push({ why: 'user namespaces are switched off', mend: 'sysctl -w user.max_user_namespaces=10000' });
  }
  if (ordinary && facts.unprivilegedClone === '0') {
    found.push({
      why: 'only root may make user namespaces',
      mend: 'sysctl -w kernel.unprivileged_userns_clone=1',
    });
  }
  if (ordinary && facts.appArmorRestricts === '1') {
    found.push({
      why: 'AppArmor lets ordinary users have user namespaces without rights only',
      mend: 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    });
  }
  const masked = coveredPart(facts.mountInfo ?? '');
  if (masked !== undefined) {
    found.push({
      why: `${masked} is covered by a mount, as in a container, so the kernel allows no /proc of one's own`,
      mend: 'start the outer container with --security-opt systempaths=unconfined',
    });
  }
  return found;
}

/** mount_too_revealing() of fs/namespace.c; the kernel keeps binfmt_misc's directory empty for its mount. */
function coveredPart(mountInfo: string): string | undefined {
  const points = mountInfo.split('\n').map((line) => line.split(' ')[4] ?? '');
  return points.find((point) => point.startsWith('/proc/') && point !== '/proc/sys/fs/binfmt_misc');
}

function readFact(path: string): string | null {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return null;
  }
}
