import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { followListeners, listenersLookMs, noListeners, parseListeners } from './listeners-file.ts'
import { eventually } from './testing/eventually.ts'
import { createKeptLog } from './testing/kept-log.ts'
import { createManualClock } from './testing/manual-clock.ts'

const parse = (file: unknown, allowRemote = true) => parseListeners(JSON.stringify(file), allowRemote)
const listener = { endpoint: 'vpce-1', host: '192.0.2.10' }
const tlv = { endpoint: 'vpce-1', type: 5, value: 'orders' }

test('what is not said is not there', () => {
  expect(parse({})).toEqual(noListeners)
  expect(parse({ listeners: [listener] }).listeners).toEqual([{ ...listener, advertise: null, from: null }])
})

test('everything can be said', () => {
  const proxies = [{ endpointService: 'service-1', from: ['192.0.2.20/32', '2001:db8::1/128'] }]
  const said = parse({
    listeners: [{ ...listener, from: ['192.0.2.0/24'], advertise: 'db.example.com' }],
    tlvs: [tlv],
    proxies,
  })
  expect(said).toMatchObject({ listeners: [{ advertise: 'db.example.com' }], tlvs: [tlv], proxies })
  expect(said.listeners[0]?.from).toEqual(['192.0.2.0/24'])
})

test.each([
  { file: { listener: [] }, says: 'file.listener is none of listeners, tlvs, proxies' },
  { file: { listeners: [{ ...listener, form: [] }] }, says: 'file.listeners[0].form is none of' },
  { file: { listeners: [{ endpoint: 'vpce-1' }] }, says: 'file.listeners[0].host must be an IP address' },
  {
    file: { listeners: [{ ...listener, host: 'db.example.com' }] },
    says: 'file.listeners[0].host must be an IP address',
  },
  { file: { listeners: [{ ...listener, from: [] }] }, says: 'file.listeners[0].from must name at least one range' },
  {
    file: { listeners: [{ ...listener, from: ['10.0.0.0/33'] }] },
    says: 'file.listeners[0].from holds 10.0.0.0/33 is no CIDR',
  },
  { file: { tlvs: [{ ...tlv, type: 0xea }] }, says: 'file.tlvs[0].type is 234, which has a meaning of its own' },
  { file: { tlvs: [tlv, { ...tlv, endpoint: 'vpce-2' }] }, says: 'file.tlvs[1] says the same as tlvs[0]' },
  {
    file: {
      proxies: [
        { endpointService: 's', from: ['10.0.0.1/32'] },
        { endpointService: 's', from: ['10.0.0.2/32'] },
      ],
    },
    says: 'file.proxies[1].endpointService is named twice',
  },
  { file: [], says: 'file must be an object' },
])('refused: $says', ({ file, says }) => {
  expect(() => parse(file)).toThrow(says)
})

test('an address beyond loopback must be allowed by name', () => {
  expect(() => parse({ listeners: [listener] }, false)).toThrow('POSTERN_ALLOW_PLAIN_REMOTE=yes')
  expect(parse({ listeners: [{ ...listener, host: '127.0.0.5' }] }, false).listeners).toHaveLength(1)
})

describe('followed', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-listeners-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  const follow = async () => {
    const path = join(directory, 'listeners.json')
    const write = (file: unknown) => writeFile(path, typeof file === 'string' ? file : JSON.stringify(file))
    await write({ listeners: [listener] })
    const clock = createManualClock()
    const kept = createKeptLog()
    let changes = 0
    const followed = await followListeners({
      path,
      allowRemote: true,
      clock,
      log: kept.log,
      changed: () => {
        changes += 1
      },
    })
    const looked = async (file?: unknown) => {
      if (file !== undefined) await write(file)
      clock.advance(listenersLookMs)
      await eventually(() => expect(clock.waiting()).toBe(1)) // it has looked, and will again
      return { changes, hosts: followed.current().listeners.map(({ host }) => host), trouble: followed.trouble() }
    }
    return { looked, path, text: kept.text, close: followed.close }
  }

  test('a change is taken, once', async () => {
    const { looked, close } = await follow()
    expect(await looked()).toEqual({ changes: 0, hosts: ['192.0.2.10'], trouble: null })
    const changed = { listeners: [{ ...listener, host: '192.0.2.11' }] }
    expect(await looked(changed)).toEqual({ changes: 1, hosts: ['192.0.2.11'], trouble: null })
    expect(await looked()).toMatchObject({ changes: 1 })
    await close()
  })

  test('one that is wrong somewhere changes nothing and is told, until it is mended', async () => {
    const { looked, path, text, close } = await follow()
    const broken = { listeners: [{ ...listener, host: '192.0.2.11' }, { endpoint: 'vpce-2' }] }
    const sentence = `${path}: file.listeners[1].host must be an IP address of this machine`
    expect(await looked(broken)).toEqual({ changes: 1, hosts: ['192.0.2.10'], trouble: sentence })
    expect(text()).toContain(`POSTERN_GATEWAY_LISTENERS: ${sentence}; what the file said before stays`)
    expect(await looked('{ "listeners": [')).toMatchObject({ hosts: ['192.0.2.10'], changes: 2 })
    expect(await looked({})).toEqual({ changes: 3, hosts: [], trouble: null })
    await close()
  })

  test('one that is gone is told; what it said before stays, and is taken again when it is back', async () => {
    const { looked, path, close } = await follow()
    await rm(path)
    expect(await looked()).toMatchObject({ hosts: ['192.0.2.10'], trouble: expect.stringContaining('ENOENT') })
    expect(await looked({ listeners: [listener] })).toMatchObject({ hosts: ['192.0.2.10'], trouble: null })
    await close()
  })
})

test('a file that is not there at the start is named with its variable', async () => {
  const parts = { allowRemote: true, clock: systemClock, log: createKeptLog().log, changed: () => {} }
  await expect(followListeners({ ...parts, path: '/nowhere/at/all.json' })).rejects.toThrow(
    'POSTERN_GATEWAY_LISTENERS: /nowhere/at/all.json: ENOENT',
  )
})
