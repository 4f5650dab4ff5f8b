// A reader of event streams for tests: over a real connection, as a browser reads, by the rules of server-sent events.

export interface Frame {
  readonly id: string | undefined
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
  readonly data: any
}

export interface Reader {
  readonly status: number
  readonly headers: Headers
  /** Audit events and changes so far, oldest first. */
  readonly frames: readonly Frame[]
  /** What a browser would send as Last-Event-ID. */
  readonly lastEventId: () => string | undefined
  /** Comments so far. */
  readonly heartbeats: () => number
  /** Resolves when the server has ended the stream, or the connection broke. */
  readonly ended: Promise<void>
  /** Breaks the connection. */
  readonly kill: () => void
}

export const readEvents = async (url: string, headers: Readonly<Record<string, string>>): Promise<Reader> => {
  const aborter = new AbortController()
  const response = await fetch(url, { headers, signal: aborter.signal })
  const frames: Frame[] = []
  let lastEventId: string | undefined
  let heartbeats = 0
  let text = ''
  const take = (block: string): void => {
    const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 2)]))
    lastEventId = fields.get('id') ?? lastEventId
    if (fields.has('')) heartbeats++
    const data = fields.get('data')
    if (data !== undefined)
      frames.push({ id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) })
  }
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) take(block)
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    frames,
    lastEventId: () => lastEventId,
    heartbeats: () => heartbeats,
    ended: read().catch(() => {}),
    kill: () => aborter.abort(),
  }
}
