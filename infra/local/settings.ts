import { resolve } from 'node:path';
import type { LogLevel } from '../../functions/http/log.ts';
import type { PythonSettings } from './train/train-process.ts';

/** What a person may set. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly home: string;
  /** The admin key, instead of a generated one. */
  readonly key: string | undefined;
  readonly examples: boolean;
  /** Requests that a tenant may make in a second. */
  readonly quota: number;
  /** A person reads this terminal: requests are logged on demand only. */
  readonly logLevel: LogLevel;
  /** Where networks find PyTorch. */
  readonly python: PythonSettings;
}

/** A setting that cannot be taken: which, the rule, and the value. */
export class SettingRefused extends Error {}

export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  return {
    host: env.MODELDROP_HOST || '127.0.0.1',
    port: portFrom(env.MODELDROP_PORT || '8080'),
    home: resolve(env.MODELDROP_HOME || '.modeldrop'),
    key: keyFrom(env.MODELDROP_KEY || undefined),
    examples: examplesFrom(env.MODELDROP_EXAMPLES || '1'),
    quota: quotaFrom(env.MODELDROP_QUOTA || '50000'),
    logLevel: logLevelFrom(env.POWERTOOLS_LOG_LEVEL || 'WARN'),
    python: pythonFrom(env),
  };
}

const pythonFrom = ({ PATH, MODELDROP_PYTHON }: NodeJS.ProcessEnv): PythonSettings => ({
  ...(PATH && { PATH }),
  ...(MODELDROP_PYTHON && { MODELDROP_PYTHON }),
});

function portFrom(stated: string): number {
  const port = /^\d{1,5}$/.test(stated) ? Number(stated) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SettingRefused(`MODELDROP_PORT must be a port from 0 to 65535, got "${stated}"`);
}

function keyFrom(stated: string | undefined): string | undefined {
  if (stated === undefined || /^[\x21-\x7e]{8,200}$/.test(stated)) return stated;
  throw new SettingRefused('MODELDROP_KEY must be 8 to 200 visible ASCII characters without spaces');
}

function examplesFrom(stated: string): boolean {
  if (stated === '0' || stated === '1') return stated === '1';
  throw new SettingRefused(`MODELDROP_EXAMPLES must be 0 or 1, got "${stated}"`);
}

function quotaFrom(stated: string): number {
  const quota = /^\d{1,9}$/.test(stated) ? Number(stated) : 0;
  if (quota > 0) return quota;
  throw new SettingRefused(`MODELDROP_QUOTA must be requests a second, a whole number from 1, got "${stated}"`);
}

const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];

function logLevelFrom(stated: string): LogLevel {
  const level = stated.toUpperCase();
  if (LEVELS.includes(level)) return level as LogLevel;
  throw new SettingRefused(`POWERTOOLS_LOG_LEVEL must be one of ${LEVELS.join(', ')}, got "${stated}"`);
}
