/** The parts of OpenAPI 3.1 that our description uses, as a JSON schema: nothing else may stand in it. */

const text = { type: 'string', minLength: 1 };
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const mapOf = (value: object) => ({ type: 'object', additionalProperties: value, minProperties: 1 });
const object = (properties: Record<string, object>, ...required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const reference = object({ $ref: { type: 'string', pattern: '^#/components/' } }, '$ref');
const content = mapOf(object({ schema: ref('schema') }, 'schema'));

export const OPENAPI_SCHEMA = {
  ...object(
    {
      openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
      info: object({ title: text, version: text, description: text }, 'title', 'version'),
      servers: { type: 'array', minItems: 1, items: object({ url: { type: 'string', format: 'uri' } }, 'url') },
      paths: { type: 'object', patternProperties: { '^/': ref('path') }, additionalProperties: false },
      components: object({
        schemas: mapOf(ref('schema')),
        responses: mapOf(ref('response')),
        headers: mapOf(object({ description: text, required: { type: 'boolean' }, schema: ref('schema') }, 'schema')),
        securitySchemes: mapOf(
          object(
            { type: { const: 'apiKey' }, in: { const: 'cookie' }, name: text, description: text },
            'type',
            'in',
            'name',
          ),
        ),
      }),
    },
    'openapi',
    'info',
    'paths',
  ),
  $defs: {
    // OpenAPI 3.1 4.8.24: a schema is one of JSON Schema 2020-12. The test compiles each of them too.
    schema: { $ref: 'https://json-schema.org/draft/2020-12/schema' },
    path: {
      type: 'object',
      propertyNames: { enum: ['get', 'post', 'patch', 'put', 'delete'] },
      additionalProperties: ref('operation'),
    },
    operation: object(
      {
        operationId: { type: 'string', pattern: '^[a-z][A-Za-z]+$' },
        summary: text,
        description: text,
        security: { type: 'array', items: { type: 'object', additionalProperties: { type: 'array' } } },
        parameters: { type: 'array', minItems: 1, items: ref('parameter') },
        requestBody: object({ required: { type: 'boolean' }, content }, 'content'),
        responses: {
          type: 'object',
          propertyNames: { pattern: '^[2-5]\\d\\d$' },
          minProperties: 1,
          additionalProperties: { anyOf: [reference, ref('response')] },
        },
      },
      'operationId',
      'summary',
      'responses',
    ),
    parameter: object(
      {
        name: text,
        in: { enum: ['path', 'query'] },
        description: text,
        required: { type: 'boolean' },
        schema: ref('schema'),
      },
      'name',
      'in',
      'required',
      'schema',
    ),
    response: object({ description: text, headers: mapOf(reference), content }, 'description'),
  },
};
