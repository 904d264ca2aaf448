import type { SQSRecord } from 'aws-lambda';
import * as Type from 'typebox';
import { checker } from '../../models/schema.ts';
import type { Postponed } from './provision.ts';

const check = checker(
  Type.Object({
    detail: Type.Object({ object: Type.Object({ key: Type.String() }) }),
    /** Of what we have sent ourselves. */
    archive: Type.Optional(Type.String()),
  }),
);

/**
 * EventBridge carries keys as they are; they are taken literally.
 * @throws SyntaxError, TypeError for a message that no bucket sent: it ends in the dead-letter queue, for a person to see
 */
export function messageIn({ body }: Pick<SQSRecord, 'body'>): Postponed {
  const verdict = check(JSON.parse(body), 'event');
  if (!verdict.ok) throw new TypeError('a message must be an object event of EventBridge');
  const { detail, archive } = verdict.value;
  return { key: detail.object.key, ...(archive !== undefined && { archive }) };
}

/** What is postponed, as a message of its own. */
export const messageOf = ({ key, archive }: Postponed) => ({
  detail: { object: { key } },
  ...(archive !== undefined && { archive }),
});
