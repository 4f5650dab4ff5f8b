// The port of the name server is kept from one start to the next, as far as both of its sockets can be opened there.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { keptDnsPort } from './port.ts'

const host = '127.0.0.1'

interface Taken {
  readonly port: number
  readonly release: () => Promise<unknown>
}

async function takenByTcp(): Promise<Taken> {
  const server = createServer().listen({ host, port: 0 })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, release: () => once(server.close(), 'close') }
}

async function takenByUdp(): Promise<Taken> {
  const socket = createSocket('udp4').bind({ address: host, port: 0 })
  await once(socket, 'listening')
  return { port: socket.address().port, release: () => once(socket.close(), 'close') }
}

describe('the port that the name server had', () => {
  test.each([
    { says: 'TCP', take: takenByTcp },
    { says: 'UDP', take: takenByUdp },
  ])('is kept once nobody else has it by $says', async ({ take }) => {
    const taken = await take()
    expect(await keptDnsPort(`${host}:${taken.port}`)).toBe(0)
    await taken.release()
    expect(await keptDnsPort(`${host}:${taken.port}`)).toBe(taken.port)
  })

  test.each([
    { says: 'there was none', address: null },
    { says: 'the file was edited by hand: no port', address: '127.0.0.1' },
    { says: 'a port that is none', address: '127.0.0.1:65536' },
    { says: 'a word', address: '127.0.0.1:dns' },
  ])('is any free one where $says', async ({ address }) => {
    expect(await keptDnsPort(address)).toBe(0)
  })
})
