import { endpointServiceMoves, endpointServiceStatuses } from '@postern/contract/endpoint-service'
import { describe, expect, test } from 'vitest'
import type { SeenService } from '../../providers/provider.ts'
import { lostReason, nextServiceStep, type ServiceStep, type WantedService } from './next-step.ts'

const names = { provider: 'AWS', endpointServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0' } as const
const made: SeenService = { names, readyAt: 1000, failure: null }
const inTheMaking: SeenService = { ...made, readyAt: 1001 }
const broken: SeenService = { ...made, failure: 'no quota left' }
const want = (status: WantedService['status'], over: Partial<WantedService> = {}): WantedService => ({
  status,
  deleteRequested: false,
  endpoints: 0,
  ...over,
})
const going = (endpoints: number): WantedService => want('DELETING', { deleteRequested: true, endpoints })

interface Row {
  readonly says: string
  readonly want: WantedService
  readonly seen: SeenService | null
  readonly step: ServiceStep
}

const rows: readonly Row[] = [
  { says: 'new and unknown to the cloud: make it', want: want('INITIATING'), seen: null, step: { do: 'create' } },
  {
    says: 'the cloud is at work: wait until it says it is done',
    want: want('INITIATING'),
    seen: inTheMaking,
    step: { do: 'wait', until: 1001 },
  },
  {
    says: 'made: AVAILABLE with the names, though no endpoint is attached',
    want: want('INITIATING'),
    seen: made,
    step: { do: 'record available', names },
  },
  {
    says: 'the cloud gave up: FAILED in its own words',
    want: want('INITIATING'),
    seen: broken,
    step: { do: 'record failed', reason: 'no quota left' },
  },
  { says: 'as it should be: nothing', want: want('AVAILABLE'), seen: made, step: { do: 'nothing' } },
  {
    says: 'gone at the cloud: FAILED, and what to do',
    want: want('AVAILABLE'),
    seen: null,
    step: { do: 'record failed', reason: lostReason },
  },
  {
    says: 'broken later: FAILED in the words of the cloud',
    want: want('AVAILABLE'),
    seen: broken,
    step: { do: 'record failed', reason: 'no quota left' },
  },
  { says: 'FAILED is final, gone or not', want: want('FAILED'), seen: null, step: { do: 'nothing' } },
  {
    says: 'FAILED is final, also when the cloud is well again',
    want: want('FAILED'),
    seen: made,
    step: { do: 'nothing' },
  },
  {
    says: 'to go, with endpoints that are still going: wait for them',
    want: going(2),
    seen: made,
    step: { do: 'await endpoints' },
  },
  { says: 'to go, and made: remove it at the cloud', want: going(0), seen: made, step: { do: 'remove' } },
  { says: 'to go while in the making: remove it too', want: going(0), seen: inTheMaking, step: { do: 'remove' } },
  { says: 'to go, and gone at the cloud: forget the row', want: going(0), seen: null, step: { do: 'forget' } },
]

describe('the next step of an endpoint service', () => {
  test.each(rows)('$says', ({ want: wanted, seen, step }) => {
    expect(nextServiceStep(wanted, seen, 1000)).toEqual(step)
  })

  const pairs = endpointServiceStatuses.flatMap((status) =>
    [null, inTheMaking, made, broken].flatMap((seen) =>
      [false, true].map((deleteRequested) => ({ status, seen, deleteRequested })),
    ),
  )
  test.each(pairs)('$status, delete $deleteRequested: a status only moves along the table', (pair) => {
    const step = nextServiceStep({ ...pair, endpoints: 0 }, pair.seen, 1000)
    const moves: readonly string[] = endpointServiceMoves[pair.status]
    if (step.do === 'record available') expect(moves).toContain('AVAILABLE')
    if (step.do === 'record failed') expect(moves).toContain('FAILED')
    if (pair.deleteRequested) expect(['remove', 'forget']).toContain(step.do)
  })
})
