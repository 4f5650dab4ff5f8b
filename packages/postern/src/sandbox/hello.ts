// The answer to `hello`, `isMaster` and `ismaster` (Server Discovery and Monitoring specification). Every field that
// any driver looks at is there: which ones each driver cannot do without differs.
import { Long, ObjectId, Timestamp } from 'bson'
import { maxDocumentBytes } from './document.ts'
import { electionIdOf } from './election.ts'
import type { ReplicaSet } from './replica-set.ts'
import { maxFrameBytes } from './wire/frame.ts'

/** Wire version 21 is MongoDB 7.0's; what a later one promises (bulkWrite, ...) the sandbox does not have. */
export const maxWireVersion = 21
export const serverVersion = '7.0.0'

/** One member of a set, as commands see it. */
export type MemberIdentity = {
  readonly index: number
  readonly host: string
  /** Made anew whenever the member starts, as a process would be. */
  readonly processId: ObjectId
}

export const topologyVersionOf = (set: ReplicaSet, member: MemberIdentity) => ({
  processId: member.processId,
  counter: Long.fromBigInt(set.counter),
})

export type HelloOptions = { readonly legacy: boolean; readonly connectionId: number }

export function helloReply(
  set: ReplicaSet,
  member: MemberIdentity,
  { legacy, connectionId }: HelloOptions,
): Record<string, unknown> {
  const isPrimary = set.isWritable(member.index)
  const primary = set.primaryHost()
  const { seconds, increment, at } = set.lastWrite
  const opTime = { ts: new Timestamp({ t: seconds, i: increment }), t: Long.fromNumber(set.state.term) }
  const ofSet = {
    hosts: [...set.listedHosts],
    setName: set.setName,
    setVersion: set.setVersion,
    secondary: !isPrimary,
    ...(set.isHidden(member.index) ? { passive: true, hidden: true } : {}),
    ...(primary === undefined ? {} : { primary }),
    me: member.host,
    ...(isPrimary ? { electionId: ObjectId.createFromHexString(electionIdOf(set.state.term)) } : {}),
    lastWrite: { opTime, lastWriteDate: new Date(at), majorityOpTime: opTime, majorityWriteDate: new Date(at) },
  }
  return {
    helloOk: true,
    topologyVersion: topologyVersionOf(set, member),
    ...(legacy ? { ismaster: isPrimary } : { isWritablePrimary: isPrimary }),
    ...(set.routers ? { msg: 'isdbgrid' } : ofSet),
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxFrameBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(set.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion,
    readOnly: false,
    ok: 1,
  }
}
