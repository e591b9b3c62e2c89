import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin } from '@orpc/server/node';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import { answerUnreadable } from '../../api/errors.ts';
import type { ApiContext } from '../../api/context.ts';
import { router } from '../../api/router.ts';
import { sendError } from './answers.ts';
import { openApiDocument } from './openapi.ts';

/** The largest request taken, in bytes: a workflow file of 50 MB still gets its own sentence. */
export const LARGEST_REQUEST = 64 * 1024 * 1024;

/** The contract over a WebSocket, for the window. */
export function windowCalls(context: ApiContext): (socket: WebSocket) => void {
  const handler = new RPCHandler<ApiContext>(router, { interceptors: [answerUnreadable] });
  return (socket) => void handler.upgrade(socket, { context: { ...context, trigger: { kind: 'manual' } } });
}

/** The contract over REST under /api, its streams as server-sent events, and its OpenAPI document. */
export function restCalls(context: ApiContext): (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> {
  const handler = new OpenAPIHandler<ApiContext>(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: LARGEST_REQUEST })],
    interceptors: [answerUnreadable],
    customErrorResponseBodyEncoder: (error) => error.data as unknown,
  });
  let document: Promise<string> | null = null;
  return async (request, response, path) => {
    if (path === '/api/openapi.json') {
      document ??= openApiDocument(context.studio.info.version).then((made) => JSON.stringify(made));
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' });
      response.end(await document);
      return;
    }
    const { matched } = await handler.handle(request, response, { prefix: '/api', context: { ...context, trigger: { kind: 'api' } } });
    if (!matched) sendError(response, 404, { code: 'not_found', message: 'There is no such call.', place: `${request.method} ${path}`, remedy: 'GET /api/openapi.json lists them.' });
  };
}
