// What is searched, by the name under which its corpus is kept. A new parser of hostile bytes is one line here.

import type { Target } from './engine/explore.ts'
import { addressRange, digest, requestLine, snapshots } from './targets/api.ts'
import { dnsAnswer, dnsFrames } from './targets/dns.ts'
import { guard } from './targets/guard.ts'
import { proxyHeader } from './targets/proxy.ts'
import { bsonWalk, exchange, frames, helloAnswer, helloReply, parting, snappy } from './targets/wire.ts'

export const targets: Readonly<Record<string, Target>> = {
  'address-range': addressRange,
  'bson-walk': bsonWalk,
  digest,
  'dns-answer': dnsAnswer,
  'dns-frames': dnsFrames,
  exchange,
  frames,
  guard,
  'hello-answer': helloAnswer,
  'hello-reply': helloReply,
  parting,
  'proxy-header': proxyHeader,
  'request-line': requestLine,
  snappy,
  snapshots,
}
