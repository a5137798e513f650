/**
 * The body of Resend's `POST /emails`, stricter than the provider's own check: a field that its API does not have is
 * refused, so a misspelt one is found here. Templates are left out; nothing here could render them.
 */
import * as v from 'valibot';

const RECIPIENTS_MAX = 50;

const MAILBOX = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;
const TAG = /^[A-Za-z0-9_-]{1,256}$/;

const text = v.string('must be text');
const filled = v.pipe(text, v.nonEmpty('must not be empty'));
const address = v.pipe(text, v.regex(MAILBOX, 'must be `name@example.com` or `Name <name@example.com>`'));
const recipients = v.union(
  [address, v.pipe(v.array(address), v.minLength(1), v.maxLength(RECIPIENTS_MAX))],
  `must be an address or a list of 1 to ${RECIPIENTS_MAX} addresses`,
);
const tag = v.pipe(text, v.regex(TAG, 'must be 1 to 256 ASCII letters, digits, underscores or hyphens'));
// A line break would end the header and start another one.
const headerValue = v.pipe(text, v.regex(/^[^\r\n]*$/, 'must be a single line'));

const sendRequest = v.pipe(
  v.strictObject({
    from: address,
    to: recipients,
    subject: v.pipe(filled, headerValue),
    cc: v.optional(recipients),
    bcc: v.optional(recipients),
    reply_to: v.optional(recipients),
    html: v.optional(filled),
    text: v.optional(filled),
    headers: v.optional(v.record(v.pipe(text, v.regex(/^[!-9;-~]+$/, 'must be a header name')), headerValue)),
    tags: v.optional(v.array(v.strictObject({ name: tag, value: tag }), 'must be a list')),
    attachments: v.optional(
      v.array(
        v.strictObject({
          content: v.optional(text),
          filename: v.optional(text),
          path: v.optional(text),
          content_type: v.optional(text),
          content_id: v.optional(text),
        }),
        'must be a list',
      ),
    ),
    scheduled_at: v.optional(text),
    topic_id: v.optional(text),
  }),
  v.check(body => body.html !== undefined || body.text !== undefined, 'html or text is required'),
);

export type SendRequest = v.InferOutput<typeof sendRequest>;

export type SendRequestOutcome =
  | { readonly kind: 'valid'; readonly request: SendRequest }
  | {
      readonly kind: 'invalid';
      readonly name: 'missing_required_field' | 'invalid_parameter';
      readonly message: string;
    };

/** Checks a parsed body against the schema. The message names the first field that is wrong. */
export function checkSendRequest(body: unknown): SendRequestOutcome {
  const result = v.safeParse(sendRequest, body, { abortEarly: true });
  if (result.success) return { kind: 'valid', request: result.output };
  const issue = result.issues[0];
  const field = v.getDotPath(issue);
  if (issue.type === 'check') return { kind: 'invalid', name: 'missing_required_field', message: issue.message };
  if (field === null) return { kind: 'invalid', name: 'invalid_parameter', message: 'The body must be an object.' };
  if (issue.expected === 'never') {
    return { kind: 'invalid', name: 'invalid_parameter', message: `\`${field}\` is not a field of this API.` };
  }
  if (issue.input === undefined) {
    return { kind: 'invalid', name: 'missing_required_field', message: `\`${field}\` is required.` };
  }
  return { kind: 'invalid', name: 'invalid_parameter', message: `\`${field}\` ${issue.message}.` };
}
