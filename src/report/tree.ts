import type { Binding, Missing, Resolution, ResolvedObject } from '../ldso/resolution.ts';
import { attemptLines } from './attempts.ts';
import { type Paint, PLAIN } from './paint.ts';
import { printable } from './printable.ts';
import { requestsOf } from './requests.ts';
import { unboundLines } from './unbound.ts';

/** Levels that are drawn: deeper ones only hide what matters, and indentation of a hostile chain grows as its square. */
const MAX_DEPTH = 64;

/** What a tree is drawn from. */
interface Drawing {
  readonly missing: readonly Missing[];
  readonly objects: ReadonlyMap<string, ResolvedObject>;
  readonly expanded: Set<string>;
  readonly lines: string[];
  readonly paint: Paint;
}

/**
 * One tree a program: each name asked for, the file that answers and the rule that found it. A file already
 * expanded is not expanded again; below a miss stands what was tried, in the loader's order.
 */
export function resolutionTree(resolution: Resolution, paint: Paint = PLAIN): string {
  const objects = new Map<string, ResolvedObject>(resolution.objects.map((object) => [object.path, object]));
  const lines: string[] = [];
  for (const root of resolution.roots) {
    lines.push(paint.bold(printable(root)));
    const object = objects.get(root);
    const drawing = { missing: resolution.missing, objects, expanded: new Set<string>([root]), lines, paint };
    if (object) drawChildren(drawing, object, '', 1);
  }
  drawVersions(resolution, lines, paint);
  lines.push(...unboundLines(resolution).map(paint.bad));
  return lines.map((line) => `${line}\n`).join('');
}

function drawChildren(drawing: Drawing, object: ResolvedObject, indent: string, depth: number): void {
  const children = requestsOf(object, drawing.missing);
  children.forEach((binding, at) => {
    const last = at === children.length - 1;
    drawBinding(drawing, binding, `${indent}${last ? '└── ' : '├── '}`);
    const inner = `${indent}${last ? '    ' : '│   '}`;
    if (binding.path === null) {
      for (const line of attemptLines(binding.tried))
        drawing.lines.push(`${inner}${drawing.paint.dim(line)}`);
      return;
    }
    descend(drawing, binding.path, inner, depth);
  });
}

function descend(drawing: Drawing, path: string, indent: string, depth: number): void {
  const object = drawing.objects.get(path);
  if (!object || drawing.expanded.has(path)) return;
  if (depth >= MAX_DEPTH) {
    drawing.lines.push(`${indent}${drawing.paint.dim('... (deeper levels: --flat)')}`);
    return;
  }
  drawing.expanded.add(path);
  drawChildren(drawing, object, indent, depth + 1);
}

function drawBinding(drawing: Drawing, { name, path, via }: Binding, indent: string): void {
  const { paint, lines } = drawing;
  if (path === null) {
    lines.push(`${indent}${paint.bad(`${printable(name)} not found`)}`);
    return;
  }
  const file = path === name ? '' : ` => ${printable(path)}`;
  lines.push(`${indent}${printable(name)}${file} ${paint.dim(`[${via ?? 'interpreter'}]`)}`);
}

/** Versions are checked once all is loaded, so they belong to no single branch. */
function drawVersions({ missing }: Resolution, lines: string[], paint: Paint): void {
  for (const { name, version, neededBy } of missing) {
    if (version === undefined) continue;
    lines.push(paint.bad(printable(`${name} lacks version ${version}, needed by ${neededBy}`)));
  }
}
