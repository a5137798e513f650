/** A route's body, parsed by its schema: 400 where it has another shape, 422 where a field breaks a rule. */
import type { MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import type { FieldRule } from '../contract/fields.ts';
import type { AppContext, AppEnv } from './app-env.ts';
import { fieldError } from './field-errors.ts';
import { problem } from './problem.ts';

export type BodySchema = v.GenericSchema<unknown, object>;
export type BodyTypes<Schema extends BodySchema> = {
  in: { json: v.InferInput<Schema> };
  out: { json: v.InferOutput<Schema> };
};

export type ParsedBody<Output> = { kind: 'good'; output: Output } | { kind: 'bad'; answer: () => Response };

/** The body by its schema, or the answer that says what is wrong with it. */
export const parseBody = <Schema extends BodySchema>(
  c: AppContext,
  schema: Schema,
): ParsedBody<v.InferOutput<Schema>> => {
  const json = parseJson(c.get('bodyText'));
  if (json === undefined) {
    return { kind: 'bad', answer: () => problem(c, 'malformed_request', { detail: 'The body is not JSON.' }) };
  }
  const parsed = v.safeParse(schema, json, { abortPipeEarly: true });
  if (parsed.success) return { kind: 'good', output: parsed.output };
  const { issues } = parsed;
  // Without a path it is no field that is wrong, but the whole.
  if (issues.some(issue => issue.kind === 'schema' || !issue.path)) {
    return { kind: 'bad', answer: () => problem(c, 'malformed_request') };
  }
  return { kind: 'bad', answer: () => problem(c, 'invalid_input', { errors: fieldErrors(c, issues) }) };
};

/** The handler reads it by `c.req.valid('json')`, and the page's client is typed by it. */
export const jsonBody =
  <Schema extends BodySchema>(schema: Schema): MiddlewareHandler<AppEnv, string, BodyTypes<Schema>> =>
  async (c, next) => {
    const body = parseBody(c, schema);
    if (body.kind === 'bad') return body.answer();
    c.req.addValidatedData('json', body.output);
    return next();
  };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The message of every rule is its name (contract/fields.ts): none repeats the input. */
const fieldErrors = (c: AppContext, issues: v.BaseIssue<unknown>[]) =>
  issues.map(issue => fieldError(c, String(issue.path?.[0]?.key ?? ''), issue.message as FieldRule));
