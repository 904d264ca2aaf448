import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of ours that runs in a process of its own. */
export interface ChildProgram {
  readonly file: string;
  /** All of this installation that it reads, itself included; a folder ends in `/*`. */
  readonly reads: readonly string[];
  /** What runs instead where the file is gone: somebody may have removed it while we run. */
  readonly instead?: ChildProgram;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const packages = realpathSync(join(root, 'node_modules'));
/** Native code, which no bundle can hold. */
export const RUNTIME = ['onnxruntime-node', 'onnxruntime-common'];
/** Not the whole installation: a home lies in it by default. */
const ROOMS = ['adapters', 'functions', 'infra', 'models', 'node_modules'];

/** As it is written: hundreds of files, which take most of a second to start. */
export const fromSource = (entry: string): ChildProgram => ({
  file: entry,
  reads: [...ROOMS.map((room) => join(root, room, '*')), join(root, 'package.json'), join(packages, '*')],
});

/** What there is to start: the program, or what runs instead. */
export const present = ({ instead, ...program }: ChildProgram): ChildProgram =>
  instead && !existsSync(program.file) ? instead : program;
