import { describe, expect, test } from 'vitest'
import type { SeenConsumer } from '../../providers/provider.ts'
import { type Case, deletedReason, judge } from './judge.ts'

const target = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0'
const vpce = 'vpce-0123456789abcdef0'
const pls = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateLinkServices/pls_1'
const pe = '/subscriptions/c/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe'
const attachment = (n: number) => `projects/p-1/regions/us-east4/serviceAttachments/sa-us-east4-1-${n}`
const rule = (n: number) => `projects/mine/regions/us-east4/forwardingRules/psc-${n}`

const consumer = (over: Partial<SeenConsumer>): SeenConsumer => ({
  cloudId: vpce,
  target,
  region: 'US_EAST_1',
  address: null,
  linkIds: [vpce],
  connection: 'pending',
  readyAt: 0,
  failure: null,
  form: 'address',
  hosts: ['127.64.0.1'],
  firstPort: 1024,
  portCount: 50,
  ...over,
})
const aws: Case = {
  provider: 'AWS',
  region: 'US_EAST_1',
  portMapping: false,
  supportedRemoteRegions: [],
  targets: [target],
  refs: [{ cloudId: vpce, address: null }],
}
const azure: Case = {
  ...aws,
  provider: 'AZURE',
  region: 'US_EAST_2',
  targets: [pls],
  refs: [{ cloudId: pe, address: '10.0.0.4' }],
}
const azureSeen = consumer({ cloudId: pe, target: pls, region: 'EUROPE_WEST', address: '10.0.0.4' })
const gcp = (attachments: number, rules: number): Case => ({
  ...aws,
  provider: 'GCP',
  region: 'US_EAST_4',
  portMapping: false,
  targets: Array.from({ length: attachments }, (_, n) => attachment(n)),
  refs: Array.from({ length: rules }, (_, n) => ({ cloudId: rule(n), address: `10.0.0.${n}` })),
})
const gcpSeen = (n: number, over: Partial<SeenConsumer> = {}) =>
  consumer({ cloudId: rule(n), target: attachment(n), region: 'US_EAST_4', address: `10.0.0.${n}`, ...over })

interface Row {
  readonly says: string
  readonly given: Case
  readonly seen: readonly (SeenConsumer | null)[]
  /** Parts of the sentence; none: it fits. */
  readonly words?: readonly string[]
}

const rows: readonly Row[] = [
  { says: 'AWS: made for this service, in its region', given: aws, seen: [consumer({})] },
  {
    says: 'AWS: does not exist',
    given: aws,
    seen: [null],
    words: [vpce, 'does not exist', target, 'us-east-1', 'add it again'],
  },
  {
    says: 'AWS: made for another service',
    given: aws,
    seen: [consumer({ target: 'com.amazonaws.vpce.us-east-1.vpce-svc-f' })],
    words: ['was made for com.amazonaws.vpce.us-east-1.vpce-svc-f, not for this service', target],
  },
  {
    says: 'AWS: in a region that is not accepted',
    given: aws,
    seen: [consumer({ region: 'EU_WEST_1' })],
    words: ['EU_WEST_1', 'supportedRemoteRegions'],
  },
  {
    says: 'AWS: in an accepted remote region',
    given: { ...aws, supportedRemoteRegions: ['EU_WEST_1'] },
    seen: [consumer({ region: 'EU_WEST_1' })],
  },
  {
    says: 'AWS: the cloud would not connect it, in its own words',
    given: aws,
    seen: [consumer({ failure: 'The cloud says no.' })],
    words: ['The cloud says no.', 'Make another VPC endpoint'],
  },
  { says: 'Azure: any region of the consumer is right', given: azure, seen: [azureSeen] },
  {
    says: 'Azure: resource ids are compared without case',
    given: azure,
    seen: [{ ...azureSeen, target: pls.replace('resourceGroups', 'resourcegroups') }],
  },
  {
    says: 'Azure: has another IP address than was told',
    given: azure,
    seen: [{ ...azureSeen, address: '10.0.0.5' }],
    words: ['10.0.0.5, not 10.0.0.4', 'right address'],
  },
  { says: 'Azure: does not exist', given: azure, seen: [null], words: [pe, 'does not exist', pls] },
  { says: 'GCP, ports mapped: one rule', given: { ...gcp(1, 1), portMapping: true }, seen: [gcpSeen(0)] },
  {
    says: 'GCP, ports mapped: the rule does not exist',
    given: { ...gcp(1, 1), portMapping: true },
    seen: [null],
    words: ['0 of 1 forwarding rules exist: psc-0', 'mine', 'us-east4'],
  },
  { says: 'GCP, legacy: a rule for each attachment, in any order', given: gcp(2, 2), seen: [gcpSeen(0), gcpSeen(1)] },
  {
    says: 'GCP, legacy: fewer rules than attachments',
    given: gcp(3, 2),
    seen: [gcpSeen(0), gcpSeen(1)],
    words: ['2 of 3 forwarding rules were given', 'Make 3 rules'],
  },
  {
    says: 'GCP, legacy: more rules than attachments',
    given: gcp(1, 2),
    seen: [gcpSeen(0), gcpSeen(1)],
    words: ['2 of 1 forwarding rules were given'],
  },
  {
    says: 'GCP, legacy: one of them does not exist',
    given: gcp(3, 3),
    seen: [gcpSeen(0), null, gcpSeen(2)],
    words: ['2 of 3 forwarding rules exist', 'psc-1'],
  },
  {
    says: 'GCP, legacy: of many missing ones the first are named',
    given: gcp(8, 8),
    seen: Array.from({ length: 8 }, () => null),
    words: ['0 of 8', 'psc-4 and 3 more'],
  },
  {
    says: 'GCP, legacy: two rules share an attachment',
    given: gcp(2, 2),
    seen: [gcpSeen(0), gcpSeen(1, { target: attachment(0) })],
    words: ['1 of 2 service attachments have a forwarding rule', '2 rules target', 'exactly one rule'],
  },
  {
    says: 'GCP: a rule has another address',
    given: gcp(2, 2),
    seen: [gcpSeen(0), gcpSeen(1, { address: '10.9.9.9' })],
    words: ['psc-1', '10.9.9.9, not 10.0.0.1'],
  },
]

describe('may this endpoint be attached', () => {
  test.each(rows)('$says', ({ given, seen, words }) => {
    const verdict = judge(given, seen)
    if (words === undefined) {
      expect(verdict).toEqual({ fits: true, consumers: seen })
      return
    }
    const reason = verdict.fits ? '' : verdict.reason
    for (const word of words) expect(reason).toContain(word)
  })

  test('legacy rules are put in the order of the attachments that they target', () => {
    const seen = [gcpSeen(0, { target: attachment(1) }), gcpSeen(1, { target: attachment(0) })]
    expect(judge(gcp(2, 2), seen)).toEqual({ fits: true, consumers: [seen[1], seen[0]] })
  })
})

describe('an endpoint that was attached, and was deleted in its cloud', () => {
  test.each([
    { says: 'AWS', given: aws, seen: [null], words: [vpce, 'was deleted in its cloud', target, 'us-east-1'] },
    { says: 'Azure', given: azure, seen: [null], words: [pe, 'was deleted in its cloud', pls, 'retry this endpoint'] },
    {
      says: 'GCP: one of its rules',
      given: gcp(3, 3),
      seen: [gcpSeen(0), null, gcpSeen(2)],
      words: ['2 of 3 forwarding rules exist', 'psc-1 was deleted in mine', 'us-east4'],
    },
    {
      says: 'GCP: several of its rules',
      given: gcp(3, 3),
      seen: [null, gcpSeen(1), null],
      words: ['1 of 3 forwarding rules exist', 'psc-0, psc-2 were deleted in mine'],
    },
  ])('$says', ({ given, seen, words }) => {
    const reason = deletedReason(given, seen)
    for (const word of words) expect(reason).toContain(word)
  })
  test('is none where everything is there', () => {
    expect(deletedReason(aws, [consumer({})])).toBeNull()
  })
})
