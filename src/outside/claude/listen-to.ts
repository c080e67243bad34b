// Hears every piece of an answer, pings too: the SDK drops those, and a model may think for minutes between events.

import type { Anthropic } from "@anthropic-ai/sdk";

type Middleware = NonNullable<NonNullable<Anthropic.RequestOptions["middleware"]>[number]>;

/** Calls `heard` for the headers and for each chunk of the body, and hands the headers on, whatever the status. */
export function listenTo(heard: () => void, onHeaders: (headers: Headers) => void): Middleware {
  return async (request, next) => {
    const response = await next(request);
    heard();
    onHeaders(response.headers);
    if (response.body === null) return response;
    const listening = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        heard();
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(listening), response);
  };
}
