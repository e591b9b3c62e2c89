import { OpenAPIGenerator } from '@orpc/openapi';
import type { OpenAPI } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { contract } from '#shared/contract';
import { ErrorInfo } from '#shared/errors';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every call may refuse: the one form of errors is a response of each operation. */
function withErrors(document: OpenAPI.Document): OpenAPI.Document {
  for (const item of Object.values(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (operation !== undefined) operation.responses = { ...operation.responses, default: { $ref: '#/components/responses/Error' } };
    }
  }
  return document;
}

/** The OpenAPI document of the contract: what REST answers is generated, so it can't say anything else. */
export async function openApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter({ unsupportedJsonSchema: {} })] });
  const { $schema: _, ...errorSchema } = z.toJSONSchema(ErrorInfo) as OpenAPI.SchemaObject & { $schema?: string };
  const document = await generator.generate(contract, {
    info: { title: 'Millrace', version, description: 'Every call of the studio. Streams are server-sent events.' },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { ErrorInfo: errorSchema },
      responses: { Error: { description: 'What happened, where, and what to try.', content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorInfo' } } } } },
    },
  });
  return withErrors(document);
}
