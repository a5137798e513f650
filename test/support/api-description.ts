/** The API description as the build wrote it, and whether an answer is one that it promises. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Schema = Record<string, unknown>;
type Media = { schema: Schema };
type Described = {
  description: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, Media>;
};
type DescribedOperation = {
  operationId: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: 'path' | 'query' }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Described | { $ref: string }>;
};
export type Description = {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, DescribedOperation>>;
  components: Record<string, Record<string, Schema>>;
};

export const readDescription = (): Description => JSON.parse(readFileSync('dist/api/openapi.json', 'utf8'));

/** Whatever a reference of the description names. */
export const resolve = (description: unknown, ref: string): unknown =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Schema | undefined)?.[part], description);

/** A call of the API as a test needs it. */
export type Call = {
  id: string;
  method: string;
  path: string;
  needsSession: boolean;
  /** The schema of its body, where it takes one. */
  body: Schema | null;
  /** By status, with the codes of a problem. */
  responses: Map<number, { response: Described; codes: string[] }>;
};

export const callsOf = (description: Description): Call[] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const ref = operation.requestBody?.content['application/json']?.schema.$ref;
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        needsSession: operation.security.length > 0 && !operation.security.some(one => Object.keys(one).length === 0),
        body: ref ? (resolve(description, String(ref)) as Schema) : null,
        responses: new Map(
          Object.entries(operation.responses).map(([status, given]) => {
            const response = ('$ref' in given ? resolve(description, given.$ref) : given) as Described;
            const problem = response.content?.['application/problem+json']?.schema as
              | { properties: { code: { enum: string[] } } }
              | undefined;
            return [Number(status), { response, codes: problem?.properties.code.enum ?? [] }];
          }),
        ),
      };
    }),
  );

/** A path of the call, with an id of nothing where it takes one and the tests' provider. */
export const pathOf = ({ path }: Call): string =>
  path.replace('{id}', crypto.randomUUID()).replace('{provider}', 'resend');

/** Whether it is for browsers: such calls have rules for origin, type and number that a mail provider's has not. */
export const isForClients = ({ responses }: Call): boolean => responses.has(429);

/** Finds the call that a method and a path belong to. HEAD is answered as GET. */
export const createCallFinder = (calls: Call[]) => {
  const matchers = calls.map(call => {
    const pattern = call.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
    return { call, matcher: new RegExp(`^${call.method} ${pattern}$`) };
  });
  return (method: string, path: string): Call | undefined =>
    matchers.find(({ matcher }) => matcher.test(`${method === 'HEAD' ? 'GET' : method} ${path}`))?.call;
};

/** The description with every object closed: a field that it does not know is then an error. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Schema = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]));
  return copy.type === 'object' && copy.properties ? { additionalProperties: false, ...copy } : copy;
};

/** Validators for schemas of the description, wherever they stand in it. */
export const createValidators = (description: Description) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addSchema(closed(description) as Schema, 'api', undefined, false);
  const compiled = new Map<unknown, ValidateFunction>();
  return (schema: Schema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    const absolute = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"$ref":"#', '"$ref":"api#'));
    const validate = ajv.compile(absolute);
    compiled.set(schema, validate);
    return validate;
  };
};

/** What an answer has that its description does not promise, in words. Empty where all is well. */
export const createAnswerJudge = (description: Description) => {
  const validatorOf = createValidators(description);
  return (call: Call, answer: { status: number; headers: Headers; text: string; isHead: boolean }): string[] => {
    const promised = call.responses.get(answer.status)?.response;
    if (!promised) return [`the status ${answer.status} is not described: ${answer.text.slice(0, 200)}`];
    const missing = Object.entries(promised.headers ?? {})
      .filter(([name, { $ref }]) => (resolve(description, $ref) as Schema).required && !answer.headers.has(name))
      .map(([name]) => `the header ${name} is missing`);
    const type = answer.headers.get('Content-Type');
    const [promisedType, media] = Object.entries(promised.content ?? {})[0] ?? [null, null];
    if (type !== promisedType) return [...missing, `the type is ${type}, not ${promisedType}`];
    if (!media) return answer.text === '' ? missing : [...missing, 'there should be no body'];
    if (answer.isHead) return answer.text === '' ? missing : [...missing, 'HEAD has a body'];
    const validate = validatorOf(media.schema);
    if (validate(JSON.parse(answer.text))) return missing;
    return [...missing, ...(validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)];
  };
};
