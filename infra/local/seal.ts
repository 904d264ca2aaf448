import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Seal<Ticket> {
  close(ticket: Ticket): string;
  /** Undefined for what was not closed by this seal. */
  open(token: string): Ticket | undefined;
}

/** Tickets as text for a URL: nobody else can write one, or change it. A seal is its process's own. */
export function seal<Ticket>(): Seal<Ticket> {
  const secret = randomBytes(32);
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    close(ticket) {
      const text = Buffer.from(JSON.stringify(ticket)).toString('base64url');
      return `${text}.${sign(text).toString('base64url')}`;
    },
    open(token) {
      const [text = '', signature = ''] = token.split('.');
      const [given, right] = [Buffer.from(signature, 'base64url'), sign(text)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Ticket;
    },
  };
}
