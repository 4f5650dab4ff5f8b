// The set's own commands: replSetGetStatus, replSetGetConfig, replSetStepDown; and sessions, which here are only
// what was remembered for retryable writes.
import { Binary, Long, Timestamp, UUID } from 'bson'
import type { Action } from '../authorize.ts'
import { sessionKey } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { type Doc, isDoc } from '../document.ts'
import type { Context, Handler } from '../execute.ts'

const stateNumbers = { PRIMARY: 1, SECONDARY: 2, ROUTER: 1, DOWN: 8 } as const

function replSetGetStatus({ set, member }: Context): Doc {
  const { seconds, increment, at } = set.lastWrite
  const now = new Date(set.now())
  const optime = { ts: new Timestamp({ t: seconds, i: increment }), t: Long.fromNumber(set.state.term) }
  const members = set.hosts.map((name, index) => {
    const state = set.memberState(index)
    const up = state !== 'DOWN'
    return {
      _id: index,
      name,
      health: up ? 1 : 0,
      state: stateNumbers[state],
      stateStr: up ? state : '(not reachable/healthy)',
      uptime: up ? Math.floor((set.now() - set.startedAt) / 1000) : 0,
      optime,
      optimeDate: new Date(at),
      ...(index === member.index ? { self: true } : { lastHeartbeat: now, lastHeartbeatRecv: now, pingMs: Long.ZERO }),
      configVersion: set.setVersion,
      configTerm: set.state.term,
    }
  })
  return {
    set: set.setName,
    date: now,
    myState: stateNumbers[set.memberState(member.index)],
    term: Long.fromNumber(set.state.term),
    heartbeatIntervalMillis: Long.fromNumber(2000),
    majorityVoteCount: Math.floor(set.hosts.length / 2) + 1,
    optimes: { lastCommittedOpTime: optime, appliedOpTime: optime, durableOpTime: optime },
    members,
    ok: 1,
  }
}

function replSetGetConfig({ set }: Context): Doc {
  const members = set.hosts.map((host, index) => ({
    _id: index,
    host,
    arbiterOnly: false,
    hidden: set.isHidden(index),
    priority: set.isHidden(index) ? 0 : 1,
    votes: 1,
    secondaryDelaySecs: Long.ZERO,
    tags: {},
  }))
  return { config: { _id: set.setName, version: set.setVersion, term: set.state.term, members, settings: {} }, ok: 1 }
}

function replSetStepDown({ set, member, command }: Context): Doc {
  if (!set.isWritable(member.index)) throw new CommandError('NotWritablePrimary', "not primary so can't step down")
  const seconds = command.number('replSetStepDown') ?? 60
  if (seconds < 0) throw new CommandError('BadValue', 'stepdown period must be a positive integer')
  set.stepDown({ seconds: seconds || 60, force: command.args.force === true })
  return { ok: 1 }
}

function endSessions({ set, command }: Context): Doc {
  const ended = command.typed.endSessions
  for (const one of Array.isArray(ended) ? ended : []) {
    if (isDoc(one) && one.id instanceof Binary) set.data.retries.forget(sessionKey(one.id))
  }
  return { ok: 1 }
}

const startSession = (): Doc => ({ id: { id: new UUID() }, timeoutMinutes: 30, ok: 1 })
const ok = (): Doc => ({ ok: 1 })

const session = (run: Handler['run']): Handler => ({ needs: 'user', at: 'any', run })
const ofSets = (action: Action, run: Handler['run']): Handler => ({
  needs: { action, on: 'cluster' },
  at: 'any',
  ofSets: true,
  run,
})

export const replicationCommands: Readonly<Record<string, Handler>> = {
  replSetGetStatus: ofSets('replSetGetStatus', replSetGetStatus),
  replSetGetConfig: ofSets('replSetGetConfig', replSetGetConfig),
  replSetStepDown: ofSets('replSetStateChange', replSetStepDown),
  startSession: session(startSession),
  refreshSessions: session(ok),
  endSessions: session(endSessions),
  killSessions: session(endSessions),
}
