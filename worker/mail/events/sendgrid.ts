/** SendGrid's signed event webhook: ECDSA P-256 over time and body, the public key being the secret. */
import { fromPaddedBase64, toBase64Url } from '../../credentials/base64.ts';
import type { MailEventKind } from '../../store/mail-events.ts';
import { rawSignature } from './der-signature.ts';
import { concat, eventsOf, isObject, isRecent, jsonOf, type WebhookReader } from './reading.ts';

const HEADER = 'X-Twilio-Email-Event-Webhook-';
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export const readSendgridWebhook: WebhookReader = async ({ headers, body }, publicKey, nowMs) => {
  const timestamp = headers.get(`${HEADER}Timestamp`);
  const signature = headers.get(`${HEADER}Signature`);
  if (!timestamp || !signature) return { kind: 'refused', reason: 'unsigned' };
  if (!isRecent(timestamp, nowMs)) return { kind: 'refused', reason: 'stale' };
  // The line break that closes the body is signed too, so nothing may trim it.
  const signed = concat(timestamp, body);
  if (!(await isSigned(publicKey, signature, signed))) return { kind: 'refused', reason: 'forged' };

  const events = jsonOf(body);
  if (!Array.isArray(events)) return { kind: 'malformed' };
  // Not the signature: whoever has one of ECDSA's can write a second that is as good.
  const stamp = toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', signed)));
  return { kind: 'good', stamp, events: events.filter(isObject).flatMap(one => eventsOf(idOf(one), kindOf(one))) };
};

const isSigned = async (publicKey: string, signature: string, signed: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const spki = fromPaddedBase64(publicKey);
  const der = fromPaddedBase64(signature);
  const raw = der && rawSignature(der);
  if (!spki || !raw) return false;
  const key = await crypto.subtle.importKey('spki', spki, ECDSA, false, ['verify']);
  return crypto.subtle.verify(ECDSA, key, raw, signed);
};

/** The id that the API answered with is what stands before the first dot. */
const idOf = ({ sg_message_id: id }: Record<string, unknown>) => (typeof id === 'string' ? id.split('.')[0] : null);

/** Of mails that SendGrid did not even try to send. Other reasons say nothing of the address. */
const DROPPED: Record<string, MailEventKind> = {
  'bounced address': 'bounced',
  invalid: 'bounced',
  'spam reporting address': 'complained',
};

const kindOf = ({ event, type, reason }: Record<string, unknown>): MailEventKind | null | undefined => {
  switch (event) {
    case 'delivered':
      return 'delivered';
    case 'deferred':
      return 'delayed';
    case 'bounce':
      // The receiving server did not want this mail; the mailbox may well be there.
      return type === 'blocked' ? 'delayed' : 'bounced';
    case 'dropped': {
      const why = typeof reason === 'string' ? reason.toLowerCase() : '';
      return Object.hasOwn(DROPPED, why) ? DROPPED[why] : null;
    }
    case 'spamreport':
      return 'complained';
    default:
      return null;
  }
};
