// Requests as the official driver itself puts them on the wire, by its own code: its commands are not part of its
// public types, so what is used of them is spelled out here.

import { createRequire } from 'node:module'
import type { Document } from 'mongodb'

interface Request {
  requestId: number
  toBin(): Uint8Array[]
}

interface Commands {
  OpMsgRequest: new (databaseName: string, command: Document, options: Document) => Request
  OpQueryRequest: new (databaseName: string, command: Document, options: Document) => Request
  OpCompressedRequest: new (
    command: Request,
    options: { zlibCompressionLevel: number; agreedCompressor: string },
  ) => { toBin(): Promise<Uint8Array[]> }
}

const commands = createRequire(import.meta.url)('mongodb/lib/cmap/commands.js') as Commands

export interface DriverRequest {
  readonly requestId: number
  readonly bytes: Buffer
}

const whole = (request: Request): DriverRequest => ({
  requestId: request.requestId,
  bytes: Buffer.concat(request.toBin()),
})

export const driverMsg = (command: Document, options: Document = {}): DriverRequest =>
  whole(new commands.OpMsgRequest('admin', { ...command, $db: 'admin' }, options))

export const driverQuery = (command: Document, options: Document = {}): DriverRequest =>
  whole(new commands.OpQueryRequest('admin', command, { numberToReturn: -1, ...options }))

export async function driverZlib(command: Document, options: Document = {}): Promise<DriverRequest> {
  const request = new commands.OpMsgRequest('admin', { ...command, $db: 'admin' }, options)
  const compressed = new commands.OpCompressedRequest(request, { zlibCompressionLevel: 6, agreedCompressor: 'zlib' })
  return { requestId: request.requestId, bytes: Buffer.concat(await compressed.toBin()) }
}
