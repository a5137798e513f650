/** A route's body, parsed by its schema: 400 where it has another shape, 422 where a field breaks a rule. */
import type { MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import type { FieldError } from '../contract/problems.ts';
import type { AppEnv } from './app-env.ts';
import { problem } from './problem.ts';

type BodySchema = v.GenericSchema<unknown, object>;
type Types<Schema extends BodySchema> = {
  in: { json: v.InferInput<Schema> };
  out: { json: v.InferOutput<Schema> };
};

/** The handler reads it by `c.req.valid('json')`, and the page's client is typed by it. */
export const jsonBody =
  <Schema extends BodySchema>(schema: Schema): MiddlewareHandler<AppEnv, string, Types<Schema>> =>
  async (c, next) => {
    const json = parseJson(c.var.bodyText);
    if (json === undefined) return problem(c, 'malformed_request', { detail: 'The body is not JSON.' });
    const parsed = v.safeParse(schema, json, { abortPipeEarly: true });
    if (!parsed.success) {
      if (parsed.issues.some(issue => issue.kind === 'schema')) return problem(c, 'malformed_request');
      return problem(c, 'invalid_input', { errors: fieldErrors(parsed.issues) });
    }
    c.req.addValidatedData('json', parsed.output);
    return next();
  };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Every message is our own (contract/fields.ts): none repeats the input. */
const fieldErrors = (issues: v.BaseIssue<unknown>[]): FieldError[] =>
  issues.map(issue => ({ field: String(issue.path?.[0]?.key ?? ''), message: issue.message }));
