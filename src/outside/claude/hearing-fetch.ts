// Hears every piece of an answer, pings too: the SDK drops those, and a model may think for minutes between events.

/** `fetch` that calls `heard` for the headers and for each chunk of the body. */
export function hearingFetch(heard: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    heard();
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
