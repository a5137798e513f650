/**
 * Writes dist/api/openapi.json when the page is built: OpenAPI 3.1 out of contract/api.ts and the schemas that validate,
 * with the name, the address and the rules of the configuration that the build has.
 */
import type { Plugin } from 'vite';
import { OPERATIONS } from '../worker/contract/api.ts';
import { type Operation, problemsOf } from '../worker/contract/operation.ts';
import { PROBLEMS, type ProblemCode } from '../worker/contract/problems.ts';
import { problem } from '../worker/contract/response-schemas.ts';
import { type SchemaNode as Node, reference, toSchemas } from './api-schemas.ts';

type Options = { appName: string; appUrl: string; passwordMinLength: number; version: string };

/** Those that a program may want to read; the rest are the same on every answer. */
const HEADERS = {
  'X-Request-Id': {
    description: 'Names this answer in the log.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
  'Retry-After': { description: 'Seconds after which a try is worth it.', required: true, schema: { type: 'integer' } },
  'Set-Cookie': { description: 'The cookies of the session and of the known browser.', schema: { type: 'string' } },
  'Clear-Site-Data': { description: 'What the page has kept goes too.', required: true, schema: { type: 'string' } },
  'Content-Disposition': { description: 'A name for the file.', required: true, schema: { type: 'string' } },
  Location: { description: 'The page.', required: true, schema: { type: 'string', format: 'uri-reference' } },
};

const headersOf = (names: readonly (keyof typeof HEADERS)[] = []): Node =>
  Object.fromEntries(['X-Request-Id', ...names].map(name => [name, { $ref: `#/components/headers/${name}` }]));

/** The codes that share a status are one response, named by them. */
const errorResponse = (status: number, codes: readonly ProblemCode[]): Node => ({
  description: codes.map(code => `\`${code}\`: ${PROBLEMS[code][1]}`).join('\n\n'),
  headers: headersOf(status === 429 || status === 503 ? ['Retry-After'] : []),
  content: {
    'application/problem+json': {
      schema: {
        ...reference(problem),
        properties: { status: { const: status }, code: { enum: codes } },
        ...(codes.length === 1 && codes[0] === 'invalid_input' && { required: ['errors'] }),
      },
    },
  },
});

const responsesOf = (operation: Operation, shared: Record<string, Node>): Node => {
  const { status, description, response, headers } = operation.success;
  const content = response && { content: { 'application/json': { schema: reference(response) } } };
  const errors = Object.groupBy(problemsOf(operation), code => PROBLEMS[code][0]);
  const answers = Object.entries(errors).map(([errorStatus, codes = []]) => {
    const name = codes.join('.');
    shared[name] ??= errorResponse(Number(errorStatus), codes);
    return [errorStatus, { $ref: `#/components/responses/${name}` }];
  });
  return { [status]: { description, headers: headersOf(headers), ...content }, ...Object.fromEntries(answers) };
};

const describeOperation = (operation: Operation, shared: Record<string, Node>): Node => {
  const { id, summary, description, session, parameters, request } = operation;
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    security: session === 'required' ? [{ session: [] }] : session === 'optional' ? [{}, { session: [] }] : [],
    ...(parameters && {
      parameters: parameters.map(one => ({ ...one, required: one.in === 'path', schema: { type: 'string' } })),
    }),
    ...(request && {
      requestBody: { required: true, content: { 'application/json': { schema: reference(request) } } },
    }),
    responses: responsesOf(operation, shared),
  };
};

const ABOUT =
  'JSON in, JSON out. Every error is a problem of RFC 9457: branch on its `code`. Unknown paths answer 404 `not_found`, ' +
  'other methods 405 `method_not_allowed` with `Allow`; HEAD is answered as GET. A request that changes something is ' +
  "taken from the application's own origin alone, and its body has at most 16 KiB. A missing, extra or wrongly typed " +
  'field is 400 `malformed_request`; a field that breaks a rule is 422 `invalid_input`. Nothing is cached.';

/** The whole document. */
const describeApi = ({ appName, appUrl, passwordMinLength, version }: Options): Node => {
  const shared: Record<string, Node> = {};
  const paths: Record<string, Node> = {};
  for (const operation of OPERATIONS) {
    const method = operation.method.toLowerCase();
    paths[operation.path] = { ...paths[operation.path], [method]: describeOperation(operation, shared) };
  }
  const cookie = `${appUrl.startsWith('https:') ? '__Host-' : 'rekey-'}session`;
  return {
    openapi: '3.1.1',
    info: { title: `${appName} accounts`, version, description: ABOUT },
    servers: [{ url: appUrl }],
    paths,
    components: {
      schemas: toSchemas(passwordMinLength),
      responses: shared,
      headers: HEADERS,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookie, description: 'Set by signing in. HttpOnly.' },
      },
    },
  };
};

/** `npm run dev` shows the contract as it was at its start: a change of it wants a new one. */
export const apiDescription = (options: Options): Plugin => ({
  name: 'api-description',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'api/openapi.json', source: JSON.stringify(describeApi(options)) });
  },
});
