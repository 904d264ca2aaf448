import { type Finding, failed, fine } from './finding.ts';

/** Lambda's runtime. */
const NEEDED = 24;

/** Whether this is the Node that the platform runs on. */
export function checkNode(version = process.versions.node): Finding {
  const major = Number.parseInt(version, 10);
  if (major >= NEEDED) return fine('node', version);
  return failed('node', version, `run modeldrop by npx, which brings Node ${NEEDED} along`);
}
