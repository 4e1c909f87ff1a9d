import type { ElfSpec } from '../../src/testing/elf/spec.ts';
import { app, type Case, lib, program } from './harness.ts';
import { loaderBytes, MACHINES } from './machines.ts';

/** A program of musl. */
export function muslApp(spec: ElfSpec = {}): { readonly elf: ElfSpec } {
  return app(spec, 'musl');
}

/** A library of musl. */
export function muslLib(spec: ElfSpec = {}): { readonly elf: ElfSpec } {
  return lib(spec, 'musl');
}

/** musl's loader, as this machine has it. */
export function muslLoader(): ReturnType<typeof program> {
  return program(loaderBytes(MACHINES.musl) ?? new Uint8Array());
}

/** The same cases for musl's machine. */
export function onMusl(cases: readonly Omit<Case, 'machine'>[]): readonly Case[] {
  return cases.map((one) => ({ ...one, machine: 'musl' }));
}
