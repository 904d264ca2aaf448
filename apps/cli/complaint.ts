import { CommanderError } from 'commander';
import { ApiError } from '../client/api-error.ts';
import { Unreachable } from '../client/unreachable.ts';

/** What a person is told of a failure: what, where, what to do. Undefined where help was shown, and says it all. */
export function complaint(error: unknown): string | undefined {
  if (error instanceof CommanderError) return commandLine(error);
  if (error instanceof Unreachable) return `${error.message}; start it with npm start, or set MODELDROP_URL`;
  if (error instanceof ApiError) return refusal(error);
  return error instanceof Error ? error.message : String(error);
}

function commandLine({ code, message }: CommanderError): string | undefined {
  if (code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version') return undefined;
  return `${message.replace(/^error: /, '')}; see modeldrop --help`;
}

function refusal({ status, message, requestId }: ApiError): string {
  if (status === 401) return `${message}; check MODELDROP_KEY`;
  if (status < 500 || requestId === undefined || message.includes(requestId)) return message;
  return `${message} (request id ${requestId})`;
}
