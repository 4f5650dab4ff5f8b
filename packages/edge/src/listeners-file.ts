// The file that POSTERN_GATEWAY_LISTENERS names: what whoever runs this gateway says of its listeners. Looked at again while
// the gateway runs. Whatever is wrong in it is told with its path; at the start nothing is served then, later what it said
// before stays.
//
//   { "listeners": [{ "endpoint": "vpce-…", "host": "192.0.2.10", "from": ["192.0.2.0/24"], "advertise": "db.example.com" }],
//     "tlvs":      [{ "endpoint": "vpce-…", "type": 5, "value": "orders" }],
//     "proxies":   [{ "endpointService": "6553…", "from": ["192.0.2.20/32"] }] }

import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { listenersVariable } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import { integer, list, object, orAbsent, type Reader, refuse, text } from './follow/shape.ts'
import type { OwnListener } from './gateway/own-listeners.ts'
import { blockListOf, type FixedTlv, type ServiceProxies } from './gateway/trusted.ts'
import { isLoopback } from './loopback.ts'

export interface ListenersFile {
  readonly listeners: readonly OwnListener[]
  readonly tlvs: readonly FixedTlv[]
  readonly proxies: readonly ServiceProxies[]
}

export const noListeners: ListenersFile = { listeners: [], tlvs: [], proxies: [] }

/** Its own proof, and what the protocol and the clouds have given a meaning to. */
const taken: ReadonlySet<number> = new Set([0x03, 0x04, 0x20, 0xe0, 0xea, 0xee, 0xef])

const name = text('a text of 1 to 512 characters', (value) => value.length > 0, 512)
const address = text('an IP address of this machine', (value) => isIP(value) !== 0)
const cidrs: Reader<readonly string[]> = (value, path) => {
  const ranges = list(name)(value, path)
  if (ranges.length === 0) refuse(path, 'must name at least one range')
  try {
    blockListOf(ranges)
  } catch (error) {
    refuse(path, `holds ${(error as Error).message}`)
  }
  return ranges
}

/** No key beside these: a misspelt one would let somebody in. */
const only =
  <Value>(keys: readonly string[], read: Reader<Value>): Reader<Value> =>
  (value, path) => {
    const known = typeof value === 'object' && value !== null ? Object.keys(value) : []
    const other = known.find((key) => !keys.includes(key))
    return other === undefined ? read(value, path) : refuse(`${path}.${other}`, `is none of ${keys.join(', ')}`)
  }

const file = only(
  ['listeners', 'tlvs', 'proxies'],
  object({
    listeners: orAbsent(
      list(
        only(
          ['endpoint', 'host', 'from', 'advertise'],
          object({ endpoint: name, host: address, from: orAbsent(cidrs), advertise: orAbsent(name) }),
        ),
      ),
    ),
    tlvs: orAbsent(
      list(only(['endpoint', 'type', 'value'], object({ endpoint: name, type: integer(0, 255), value: name }))),
    ),
    proxies: orAbsent(list(only(['endpointService', 'from'], object({ endpointService: name, from: cidrs })))),
  }),
)

/** Throws SnapshotError with a sentence that names the offending path. */
export function parseListeners(json: string, allowRemote: boolean): ListenersFile {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    refuse('the file', 'is not JSON')
  }
  const said = file(value, 'file')
  const listeners = said.listeners ?? []
  for (const [index, { host }] of listeners.entries()) {
    if (!isLoopback(host) && !allowRemote)
      refuse(
        `file.listeners[${index}].host`,
        `is ${host}, which is no loopback address: set POSTERN_ALLOW_PLAIN_REMOTE=yes if that is meant`,
      )
  }
  const tlvs = said.tlvs ?? []
  for (const [index, { type, value: text }] of tlvs.entries()) {
    if (taken.has(type)) refuse(`file.tlvs[${index}].type`, `is ${type}, which has a meaning of its own: use 5 or 225`)
    const same = tlvs.findIndex((each) => each.type === type && each.value === text)
    if (same !== index) refuse(`file.tlvs[${index}]`, `says the same as tlvs[${same}]`)
  }
  const proxies = said.proxies ?? []
  const services = proxies.map(({ endpointService }) => endpointService)
  const twice = services.findIndex((service, index) => services.indexOf(service) !== index)
  if (twice >= 0) refuse(`file.proxies[${twice}].endpointService`, 'is named twice')
  return { listeners, tlvs, proxies }
}

/** How often the file is looked at, in milliseconds. */
export const listenersLookMs = 5_000

export interface FollowedListeners {
  /** As the file says, or said when it was sound last. */
  readonly current: () => ListenersFile
  /** What is wrong with the file as it is by now; null: nothing. */
  readonly trouble: () => string | null
  readonly close: () => Promise<void>
}

interface FollowParts {
  readonly path: string
  readonly allowRemote: boolean
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Either of the two is another one now. */
  readonly changed: () => void
}

/** Rejects with an Error that names the variable and the file. */
export async function followListeners({
  path,
  allowRemote,
  clock,
  log,
  changed,
}: FollowParts): Promise<FollowedListeners> {
  let json: string | null
  let current: ListenersFile
  try {
    json = await readFile(path, 'utf8')
    current = parseListeners(json, allowRemote)
  } catch (error) {
    throw new Error(`${listenersVariable}: ${path}: ${(error as Error).message}`)
  }
  let trouble: string | null = null
  let closed = false
  let looking: Promise<void> = Promise.resolve()
  let cancelLook = clock.after(listenersLookMs, look)

  const wrong = ({ message }: Error): void => {
    const sentence = `${path}: ${message}`
    if (sentence === trouble) return
    trouble = sentence
    log.warn(`${listenersVariable}: ${sentence}; what the file said before stays`)
    changed()
  }

  async function lookOnce(): Promise<void> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      json = null
      wrong(error as Error)
      return
    }
    if (text === json || closed) return
    json = text
    try {
      current = parseListeners(text, allowRemote)
    } catch (error) {
      wrong(error as Error)
      return
    }
    trouble = null
    log.info({ path }, 'the file of listeners was read anew')
    changed()
  }

  function look(): void {
    looking = lookOnce().finally(() => {
      if (!closed) cancelLook = clock.after(listenersLookMs, look)
    })
  }

  return {
    current: () => current,
    trouble: () => trouble,
    async close() {
      closed = true
      cancelLook()
      await looking
    },
  }
}
