import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..', '..', '..');
const functions = join(root, 'functions');

/** How every function is built: one small ES module with its AWS SDK inside, for Lambda's own Node. */
export const bundling = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  charset: 'utf8',
  legalComments: 'none',
  external: ['onnxruntime-node', '@jsquash/*'],
  logLevel: 'warning',
  // The SDK's own looks in ten places, with a client for some: 130 KB that no function needs.
  alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
  // Packages in CommonJS call require for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
} as const satisfies BuildOptions;

/** The entry of a verb: it wires the handler and exports it as `handler`. */
const entryOf = (verb: string): string => join(functions, verb, 'entry.ts');

/** How a verb's code lies in its folder: `index.mjs`, and what is loaded only where it is needed in files beside it. */
export const laidOut = (verb: string, outdir: string) =>
  ({
    ...bundling,
    entryPoints: { index: entryOf(verb) },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
  }) as const satisfies BuildOptions;

/** Bundles a verb's entry into `outdir` as Lambda takes it: `index.handler`. */
export function bundle(verb: string, outdir: string): void {
  buildSync(laidOut(verb, outdir));
  if (scoresOnnx.has(verb)) bring(RUNTIME, outdir);
  if (readsImages.has(verb)) bring(CODECS, outdir);
  if (verb === 'train') cpSync(join(root, 'trainers', PROGRAM), join(outdir, PROGRAM));
}

/** The verbs that run ONNX models; `train` scores what it had trained. */
const scoresOnnx: ReadonlySet<string> = new Set(['predict', 'jobs', 'verify', 'train']);

/** What a machine with PyTorch runs: the function hands it on. */
const PROGRAM = 'modeldrop_network.py';

const packages = join(root, 'node_modules');

/** What Lambda needs of ONNX Runtime: its code, and the native part for the functions' own processor. */
const RUNTIME = [
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
  'onnxruntime-node/package.json',
  'onnxruntime-node/dist',
  'onnxruntime-node/bin/napi-v6/linux/arm64',
] as const;

/** The verbs that take images. */
const readsImages: ReadonlySet<string> = new Set(['predict', 'jobs']);

/** What decodes images: its code, and the same in WebAssembly. */
const CODECS = [
  ...['package.json', 'decode.js', 'meta.js', 'codec/pkg'].map((part) => `@jsquash/png/${part}`),
  ...['package.json', 'decode.js', 'meta.js', 'utils.js', 'codec/dec'].map((part) => `@jsquash/jpeg/${part}`),
];

/** What is native, or reads files beside itself, can't be part of a bundle: it comes along as a package, with what it needs only. */
function bring(parts: readonly string[], outdir: string): void {
  for (const part of parts) {
    const from = join(packages, part);
    if (!existsSync(from)) throw new Error(`${from} is missing: install the packages again, by npm ci`);
    cpSync(from, join(outdir, 'node_modules', part), { recursive: true, dereference: true, filter: isNeeded });
  }
}

/** Neither types nor maps are read by anybody there. */
const isNeeded = (path: string): boolean => !/\.(map|d\.ts)$/.test(path);

/** A verb's code, bundled on this machine when the stack is synthesized for deployment. */
export const codeOf = (verb: string): Code =>
  Code.fromAsset(functions, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: local(verb),
      // Never run: the local bundler answers for every machine. It must be named, and `command` tells the verbs apart.
      image: DockerImage.fromRegistry('none'),
      command: [verb],
    },
  });

const local = (verb: string): ILocalBundling => ({
  tryBundle(outdir) {
    bundle(verb, outdir);
    return true;
  },
});
