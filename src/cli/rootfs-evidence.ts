import { findClosure } from '../closure/closure.ts';
import { type EvidenceGraph, evidenceGraph } from '../closure/explain.ts';
import { selectFinders } from '../finders/index.ts';
import { hostSysroot } from '../sysroot/host.ts';
import { walkTree } from '../verify/walk-tree.ts';

/**
 * What a finished rootfs tells of why its files are in: every program and script of it counts as asked for.
 * @param rootfs host path of a directory
 */
export function rootfsEvidence(rootfs: string): EvidenceGraph {
  const sysroot = hostSysroot(rootfs);
  const { objects, scripts } = walkTree(sysroot);
  const executables = objects.filter(({ executable, header }) => executable && header.type !== 'REL');
  const programs = [...executables, ...scripts].map(({ path }) => path);
  const linked = programs.filter((path) => !/\.so(\.|$)/.test(path));
  return evidenceGraph(findClosure(linked, sysroot, { finders: selectFinders('auto'), attempts: true }));
}
