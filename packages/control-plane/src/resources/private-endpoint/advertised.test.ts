import { describe, expect, test } from 'vitest'
import { endpointTargets } from './advertised.ts'

const ports = [
  { member_id: 'm0', slot: 0 },
  { member_id: 'm2', slot: 2 },
]
const pl0 = 'pl-0-us-east-1.k45tj.postern.internal'

const rows = [
  { says: 'not accepted yet: nothing', form: null, advertised: null, targets: {} },
  {
    says: 'an own address: slot s at 1024 + s',
    form: 'address',
    advertised: { by: 'ports', doors: [{ name: pl0, hosts: ['127.64.3.1'], firstPort: 1024 }] },
    targets: { m0: { host: '127.64.3.1', port: 1024 }, m2: { host: '127.64.3.1', port: 1026 } },
  },
  {
    says: 'a block of ports: the first of both loopback addresses, from the block',
    form: 'address',
    advertised: { by: 'ports', doors: [{ name: pl0, hosts: ['127.0.0.1', '::1'], firstPort: 21050 }] },
    targets: { m0: { host: '127.0.0.1', port: 21050 }, m2: { host: '127.0.0.1', port: 21052 } },
  },
  {
    says: 'a block of ports: members beyond it are left out',
    form: 'address',
    advertised: { by: 'ports', doors: [{ name: pl0, hosts: ['127.0.0.1'], firstPort: 21050, portCount: 2 }] },
    targets: { m0: { host: '127.0.0.1', port: 21050 } },
  },
  {
    says: 'by name: the name, whatever it resolves to',
    form: 'name',
    advertised: { by: 'ports', doors: [{ name: pl0, hosts: ['10.0.0.9'], firstPort: 1024 }] },
    targets: { m0: { host: pl0, port: 1024 }, m2: { host: pl0, port: 1026 } },
  },
  {
    says: 'a door per slot (GCP legacy): a slot beyond the doors is left out',
    form: 'address',
    advertised: {
      by: 'doors',
      doors: [
        { name: 'a', hosts: ['127.64.3.1'], firstPort: 1024 },
        { name: 'b', hosts: ['127.64.3.2'], firstPort: 1024 },
      ],
    },
    targets: { m0: { host: '127.64.3.1', port: 1024 } },
  },
]

describe('where a client dials each member', () => {
  test.each(rows)('$says', ({ form, advertised, targets }) => {
    expect(Object.fromEntries(endpointTargets({ form, advertised }, ports))).toEqual(targets)
  })

  test('a row that was never written by us is refused', () => {
    expect(() => endpointTargets({ form: 'address', advertised: { hosts: [] } }, ports)).toThrow()
  })
})
