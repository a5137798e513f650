/** What a call of the API is, for the table of api.ts, and the errors that follow from it. */
import type { GenericSchema } from 'valibot';
import type { ProblemCode } from './problems.ts';

export type Operation = {
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Parameters in braces. */
  path: string;
  summary: string;
  description?: string;
  /** Whether the session's cookie must come along, or may. */
  session?: 'required' | 'optional';
  /** What goes into braces of the path, or into the query; all of them text. */
  parameters?: { name: string; in: 'path' | 'query'; description: string }[];
  request?: GenericSchema;
  /** A mail provider calls it: with a body of its own shape, from any origin, as often as it likes. */
  isWebhook?: true;
  success: {
    status: 200 | 202 | 204 | 302;
    description: string;
    response?: GenericSchema;
    /** Headers beside those of every answer. */
    headers?: ('Set-Cookie' | 'Clear-Site-Data' | 'Content-Disposition' | 'Location')[];
  };
  /** What it answers beside the codes of all calls of its kind. */
  problems?: ProblemCode[];
  /** Made when the page was built: asks neither database nor queue nor hasher. */
  isStatic?: true;
};

/** Every code that a call can answer: those of its kind, in the order in which they are looked at, and its own. */
export const problemsOf = (operation: Operation): ProblemCode[] => {
  const isApi = operation.path.startsWith('/api/');
  const isChanging = operation.method !== 'GET';
  const isFromClient = isChanging && !operation.isWebhook;
  const codes: (ProblemCode | false)[] = [
    'misconfigured',
    isApi && 'wrong_host',
    isFromClient && 'forbidden_origin',
    isChanging && 'payload_too_large',
    isFromClient && 'unsupported_media_type',
    isFromClient && 'too_many_requests',
    operation.session === 'required' && 'not_signed_in',
    operation.request !== undefined && 'malformed_request',
    ...(operation.problems ?? []),
    'internal_error',
    !operation.isStatic && 'unavailable',
  ];
  return codes.filter(code => code !== false);
};
