import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { eventually } from '../testing/eventually.ts'
import { frame } from './frames.ts'
import { serveTcpClient } from './tcp.ts'

test('a client that does not read is not answered further, and gets every answer once it reads', async () => {
  const [queries, answerBytes] = [1000, 60_000]
  let answered = 0
  const server = createServer((socket) =>
    serveTcpClient({
      socket,
      clock: systemClock,
      idleMs: 60_000,
      answer: () => {
        answered++
        return Buffer.alloc(answerBytes)
      },
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  client.write(Buffer.concat(Array.from({ length: queries }, () => frame(Buffer.from('query')))))
  let readings: number[] = []
  await eventually(() => {
    readings = [answered, ...readings].slice(0, 10)
    expect(new Set(readings).size).toBe(1)
    expect(readings.at(-1)).toBeGreaterThan(0)
    expect(readings).toHaveLength(10)
  })
  // Kernel buffers hold some megabytes of the sixty.
  expect(answered).toBeLessThan(queries / 2)
  let received = 0
  client.on('data', (chunk) => {
    received += chunk.length
  })
  client.resume()
  await eventually(() => expect(received).toBe(queries * (answerBytes + 2)))
  client.destroy()
  await new Promise((resolve) => server.close(resolve))
})
