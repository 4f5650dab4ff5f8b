// Requests that are none: what reaches no operation, because it is no HTTP or names no address. They are answered in
// the same form as every other error, and the connection ends, since nobody knows where the next request would begin.

import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { AtlasError } from '@postern/contract/errors'
import { renderError } from './render.ts'

/** For what was parsed as HTTP and cannot be a request of ours: a `Host` or a target that is none. */
export const answerMalformed = (reason: unknown): Response =>
  renderError(
    new AtlasError('VALIDATION_ERROR', { problem: reason instanceof Error ? reason.message : 'it is no request' }),
    { connection: 'close' },
  )

/** For what Node's parser gave up on: answers on the bare socket and ends it. */
export async function answerUnparsed(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  maxHeaderSize: number,
): Promise<void> {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const response = tooLarge
    ? renderError(new AtlasError('HEADERS_TOO_LARGE', { limit: String(maxHeaderSize) }), { connection: 'close' })
    : answerMalformed(new Error(unparsed[error.code ?? ''] ?? 'it is no HTTP/1.1 request'))
  const body = await response.text()
  const headers = [...response.headers, ['content-length', String(Buffer.byteLength(body))]]
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${lines}\r\n${body}`)
}

const unparsed: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'it did not come whole in time',
  HPE_INVALID_METHOD: 'its method is unknown',
  HPE_INVALID_VERSION: 'its HTTP version is unknown',
}
