/** The schemas of the contract as JSON Schema, for the API description: what validates is what is described. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { PASSWORD_MAX_LENGTH } from '../worker/contract/fields.ts';
import { LANGUAGES } from '../worker/contract/languages.ts';
import * as requests from '../worker/contract/requests.ts';
import * as responses from '../worker/contract/response-schemas.ts';

export type SchemaNode = { [name: string]: unknown };

const SCHEMA_PATH = '#/components/schemas/';

/** Every schema of the contract by its name: `user` is `User`. */
const schemas = Object.fromEntries(
  Object.entries({ ...requests, ...responses }).flatMap(([name, value]) =>
    'kind' in value && value.kind === 'schema' ? [[name.replace(/^./, first => first.toUpperCase()), value]] : [],
  ),
) satisfies Record<string, GenericSchema>;
const nameOf = new Map<GenericSchema, string>(Object.entries(schemas).map(([name, schema]) => [schema, name]));

/** The schema in the components of the description. */
export const reference = (schema: GenericSchema): SchemaNode => {
  const name = nameOf.get(schema);
  if (!name)
    throw new Error('Export the schema from contract/requests.ts or contract/response-schemas.ts: it needs a name');
  return { $ref: SCHEMA_PATH + name };
};

/** What a field is. A name means the same in every request, unless the request has words of its own. */
const fieldDescriptions = (passwordMinLength: number): Record<string, string> => ({
  email: 'Spaces around it are taken off before it is judged. Compared without case.',
  username: '2 to 20 of `A-Z a-z 0-9 . _ -`. Unique without case.',
  password: `A new password: ${passwordMinLength} to ${PASSWORD_MAX_LENGTH} code points after NFC, any character. Not a breached one, nor one made of the address, the username or the name of the application.`,
  'SignInRequest.password': 'As it is. The rules for new passwords do not apply.',
  currentPassword: 'The password that holds now. The fifth wrong one in a row ends the session.',
  token: 'What stands behind the `#` of the link in the mail.',
  language: 'BCP 47, one of those listed.',
  'CompleteRegistrationRequest.language': `That of the page, which the account begins with: ${Object.keys(LANGUAGES).join(', ')}. Without it the cookie or the header tells.`,
  remember: 'Whether the session outlives the browser.',
});

const describeFields = (
  all: Record<string, SchemaNode>,
  descriptions: Record<string, string>,
): Record<string, SchemaNode> =>
  Object.fromEntries(
    Object.entries(all).map(([name, schema]) => {
      if (!name.endsWith('Request')) return [name, schema];
      const properties = Object.entries(schema.properties as Record<string, SchemaNode>).map(([field, rules]) => {
        const description = descriptions[`${name}.${field}`] ?? descriptions[field];
        if (!description) throw new Error(`Say what ${field} of ${name} is, in scripts/api-schemas.ts`);
        return [field, { ...rules, description }];
      });
      return [name, { ...schema, properties: Object.fromEntries(properties) }];
    }),
  );

/** All of them as JSON Schema 2020-12. It has no word for trimming: the field's description says it. */
export const toSchemas = (passwordMinLength: number) => {
  const all = toJsonSchemaDefs(schemas, {
    target: 'draft-2020-12',
    ignoreActions: ['trim'],
    overrideRef: ({ referenceId }) => SCHEMA_PATH + referenceId,
  });
  return describeFields(all as unknown as Record<string, SchemaNode>, fieldDescriptions(passwordMinLength));
};
