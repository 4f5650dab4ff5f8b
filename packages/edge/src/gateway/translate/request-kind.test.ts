// Requests are bytes of the official driver's own code.

import { Long, UUID } from 'bson'
import { expect, test } from 'vitest'
import { type DriverRequest, driverMsg, driverQuery, driverZlib } from '../testing/driver-bytes.ts'
import { type RequestKind, requestKind } from './request-kind.ts'

const session = { lsid: { id: new UUID('3fa85f64-5717-4562-b3fc-2c963f66afa6').toBinary() } }
const write = { insert: 'orders', documents: [{ a: 1 }], ...session, txnNumber: Long.fromNumber(7) }
const inside = { ...session, txnNumber: Long.fromNumber(7), autocommit: false }

test.each<{ says: string; request: () => DriverRequest | Promise<DriverRequest>; kind: RequestKind }>([
  { says: 'a retryable write', request: () => driverMsg(write), kind: 'retryable write' },
  { says: 'the same in zlib', request: () => driverZlib(write), kind: 'retryable write' },
  { says: 'one whose answer nobody reads', request: () => driverMsg(write, { moreToCome: true }), kind: 'other' },
  { says: 'a write without a number', request: () => driverMsg({ insert: 'orders', ...session }), kind: 'other' },
  { says: 'a read', request: () => driverMsg({ find: 'orders', ...session }), kind: 'other' },
  {
    says: 'a transaction’s first statement',
    request: () => driverMsg({ insert: 'orders', ...inside, startTransaction: true }),
    kind: 'goes on',
  },
  { says: 'a later one, which reads', request: () => driverMsg({ find: 'orders', ...inside }), kind: 'goes on' },
  { says: 'its commit', request: () => driverMsg({ commitTransaction: 1, ...inside }), kind: 'other' },
  { says: 'its end', request: () => driverMsg({ abortTransaction: 1, ...inside }), kind: 'other' },
  {
    says: 'a cursor’s next batch',
    request: () => driverMsg({ getMore: Long.ONE, collection: 'orders' }),
    kind: 'goes on',
  },
  { says: 'an OP_QUERY', request: () => driverQuery({ ...write }), kind: 'other' },
])('$says is $kind', async ({ request, kind }) => {
  expect(requestKind((await request()).bytes)).toBe(kind)
})
