// What two processes say to each other, as lines of JSON over a stream of bytes. What is said in one turn of the event loop
// goes out in one write, since it is being woken that costs the other side most. Node.js's own channel between processes is
// left to sockets: on it everything waits until the socket before it has arrived, and each message is a write.

import type { Duplex } from 'node:stream'

export interface Lines {
  send(message: unknown): void
  /** Once: what came before it is not kept. */
  listen(heard: (message: unknown) => void): void
}

/** An end or error of the stream is told nowhere: who holds it learns in another way that the other side is gone. */
export function linesOver(stream: Duplex): Lines {
  let said = ''
  stream.on('error', () => {})

  const turnIsOver = (): void => {
    const lines = said
    said = ''
    if (stream.writable) stream.write(lines)
  }

  return {
    send(message) {
      if (said === '') setImmediate(turnIsOver)
      said += `${JSON.stringify(message)}\n`
    },
    listen(heard) {
      let begun: string[] = [] // pieces of a line that may be megabytes long
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        let from = 0
        for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
          begun.push(chunk.slice(from, end))
          from = end + 1
          const line = begun.join('')
          begun = []
          heard(JSON.parse(line))
        }
        if (from < chunk.length) begun.push(chunk.slice(from))
      })
    },
  }
}
