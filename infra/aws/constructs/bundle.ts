import { join } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const functions = join(import.meta.dirname, '..', '..', '..', 'functions');

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
  logLevel: 'warning',
  // The SDK's own looks in ten places, with a client for some: 130 KB that no function needs.
  alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
  // Packages in CommonJS call require for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
} as const satisfies BuildOptions;

/** The entry of a verb: it wires the handler and exports it as `handler`. */
export const entryOf = (verb: string): string => join(functions, verb, 'entry.ts');

/** Bundles a verb's entry into `outdir` as Lambda takes it: `index.handler`. */
export function bundle(verb: string, outdir: string): void {
  buildSync({ ...bundling, entryPoints: [entryOf(verb)], outfile: join(outdir, 'index.mjs') });
}

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
