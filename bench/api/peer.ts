// The peer: a bare node:http server in a process of its own that answers what it was given, for the ratio.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

process.once('message', (body: string) => {
  const bytes = Buffer.from(body)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.byteLength }).end(bytes)
  })
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
})
process.on('disconnect', () => process.exit(0))
