// A TCP relay in a process of its own, as an application's network may have one: bytes go through, names do not change.

import { spawn } from 'node:child_process'

const program = (host: string, port: string): string => `
  const { connect, createServer } = require('node:net')
  const server = createServer((client) => {
    const member = connect(${Number(port)}, ${JSON.stringify(host)})
    client.pipe(member).pipe(client)
    client.on('error', () => member.destroy())
    member.on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  process.stdin.resume().on('end', () => process.exit())
`

/** It ends with `stop`, and with this process. */
export async function relayTo(hostPort: string): Promise<{ readonly hostPort: string; readonly stop: () => void }> {
  const [host = '', port = ''] = hostPort.split(':')
  const child = spawn(process.execPath, ['-e', program(host, port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const own = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())))
  return { hostPort: `127.0.0.1:${own}`, stop: () => child.stdin.end() }
}
