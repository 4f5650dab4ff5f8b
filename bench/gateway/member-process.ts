// A member as far as bytes go: it counts requests by their length and answers each with a canned reply of the size that the
// request's id asks for. A process of its own, so that its work is on nobody's account.

import { type AddressInfo, createServer, type Socket } from 'node:net'
import { helloId, helloReply, reply } from './frames.ts'

const replies = new Map<number, Buffer>([[helloId, helloReply()]])

function replyTo(requestId: number): Buffer {
  const known = replies.get(requestId) ?? reply(requestId)
  replies.set(requestId, known)
  return known
}

function serve(socket: Socket): void {
  let held: Buffer | null = null
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    const bytes: Buffer = held === null ? chunk : Buffer.concat([held, chunk])
    let at = 0
    while (bytes.length - at >= 8 && bytes.length - at >= bytes.readInt32LE(at)) {
      socket.write(replyTo(bytes.readInt32LE(at + 4)))
      at += bytes.readInt32LE(at)
    }
    held = at === bytes.length ? null : bytes.subarray(at)
  })
}

const server = createServer({ noDelay: true }, serve)
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () =>
  process.send?.((server.address() as AddressInfo).port),
)
process.on('disconnect', () => process.exit())
