// Hears every piece of an answer, pings too: the SDK drops those, and a model may think for minutes between events.

/** `fetch` that calls `heard` for the headers and for each chunk of the body, and hands the headers on, whatever the status. */
export function hearingFetch(
  heard: () => void,
  onHeaders: (headers: Headers) => void,
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
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
