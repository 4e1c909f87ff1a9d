import type { Finder, FinderContext } from '../closure/finder.ts';
import { readText } from '../ldso/text.ts';
import { rootPath } from '../sysroot/sysroot.ts';
import { dataFile } from './data-file.ts';
import { imported, type SymbolList } from './symbol-rule.ts';

/** Who asks for drivers, and where they are announced: the Vulkan loader's and glvnd's own interfaces. */
const ANNOUNCED: readonly { readonly symbols: SymbolList; readonly directories: readonly string[] }[] = [
  {
    symbols: ['vkCreateInstance', 'vkGetInstanceProcAddr'],
    directories: ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d'],
  },
  {
    symbols: ['eglGetDisplay', 'eglGetPlatformDisplay', 'eglInitialize'],
    directories: ['/etc/glvnd/egl_vendor.d', '/usr/share/glvnd/egl_vendor.d'],
  },
];

/**
 * Drivers for graphics that small JSON files announce (`ICD.library_path`). Only by name: which one is of use
 * depends on the machine that the program will run on, and each weighs more than most programs.
 */
export const graphicsDrivers: Finder = {
  name: 'graphics-drivers',
  *find(node, context) {
    for (const { symbols, directories } of ANNOUNCED) {
      const evidence = imported(node, symbols, 'graphics-drivers', context);
      const library = evidence === null ? null : context.provider(node, evidence.symbol);
      if (evidence === null || library === null) continue;
      for (const [file, driver] of announcements(directories, context)) {
        yield* dataFile(node, file, evidence, context);
        for (const { path } of context.loader.dlopen(library, driver)) {
          if (path !== null) yield { from: node.path, to: path, want: driver, role: 'plugin', evidence };
        }
      }
    }
  },
};

function* announcements(
  directories: readonly string[],
  context: FinderContext,
): Generator<readonly [file: string, driver: string]> {
  for (const directory of directories) {
    for (const name of context.sysroot.readdir(rootPath(directory))) {
      const driver = announcedIn(`${directory}/${name}`, context);
      if (driver !== null) yield [`${directory}/${name}`, driver];
    }
  }
}

function announcedIn(file: string, { sysroot }: FinderContext): string | null {
  if (!file.endsWith('.json')) return null;
  try {
    const { ICD } = JSON.parse(readText(sysroot, rootPath(file)) ?? 'null') ?? {};
    return typeof ICD?.library_path === 'string' ? ICD.library_path : null;
  } catch {
    return null;
  }
}
