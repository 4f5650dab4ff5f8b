import { expect, test } from 'vitest'
import { noListeners, parseListeners, readListeners } from './listeners-file.ts'

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
  expect(said.listeners[0]?.from?.check('192.0.2.77')).toBe(true)
  expect(said.listeners[0]?.from?.check('192.0.3.77')).toBe(false)
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

test('a file that is not there is named with its variable', async () => {
  await expect(readListeners('/nowhere/at/all.json', true)).rejects.toThrow(
    'POSTERN_GATEWAY_LISTENERS: /nowhere/at/all.json: ENOENT',
  )
})
