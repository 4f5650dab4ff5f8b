// Who stands at the door silently, from an address that nobody trusts, on real sockets.

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { closing, createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, linkId } from './testing/doors.ts'
import { createWaitingRoom } from './waiting-room.ts'

const { start, dial } = createBench()
const limits = { headerMs: 3_600_000, connections: 16 } // nothing here ends by waiting

test('where no header of theirs could be believed they are closed without a word of theirs', async () => {
  const { doors } = await start({ parts: { trustedProxies: [], limits } })
  const { closed } = dial(port(doors))
  expect((await closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'UNTRUSTED_SOURCE', peer: /^127\.0\.0\.1:/ })
  expect(doors.gateway.stats()).toMatchObject({ open: 0, refused: { UNTRUSTED_SOURCE: 1 } })
})

test('where a proof could make up for that, one address has an eighth of the places, and others come in', async () => {
  const trustedProxies = ['127.0.0.2/32']
  const { doors } = await start({ parts: { trustedProxies, proofKey: randomBytes(32), limits } })
  const silent = [dial(port(doors)), dial(port(doors))]
  await eventually(() => expect(doors.gateway.stats().open).toBe(2))
  await dial(port(doors)).closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TOO_MANY_HEADERS' })

  const trusted = connect({ host: '127.0.0.1', port: port(doors), localAddress: '127.0.0.2' })
  const { closed } = { closed: closing(trusted) }
  trusted.write(Buffer.concat([awsHeader(linkId), hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  trusted.destroy()
  await closed

  silent[0]?.socket.destroy()
  await eventually(() => expect(doors.gateway.stats().open).toBe(1))
  dial(port(doors))
  await eventually(() => expect(doors.gateway.stats().open).toBe(2))
})

test('all of them together have half; an IPv6 network of one host counts as one', () => {
  const room = createWaitingRoom(() => 16)
  const addresses = Array.from({ length: 10 }, (_, at) => `192.0.2.${at}`)
  const left = addresses.map((address) => room.enter(address))
  expect(left.map((leave) => leave !== null)).toEqual(addresses.map((_, at) => at < 8))
  for (const leave of left) leave?.()
  expect([1, 2, 3].map((at) => room.enter(`2001:db8::${at}`) !== null)).toEqual([true, true, false])
  expect(room.enter('2001:db8:0:1::1')).not.toBeNull()
})
