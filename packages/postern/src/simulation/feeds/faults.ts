// What can be planted in the world of feeds, to show that its promises would be seen broken.

import type { Mark } from '@postern/edge/follow/decide'

export interface FeedFault {
  /** What goes wrong, as a sentence. */
  readonly says: string
  readonly accepts?: (held: Mark | null, offered: Mark) => boolean
  /** A gateway says that it has taken a snapshot before that is on its disk. */
  readonly reportsUnkept?: true
  /** Edges that nothing is heard of are not waited for when an endpoint goes. */
  readonly forgetsSilent?: true
  /** An edge counts from its first report on, not from its first question. */
  readonly knownByReport?: true
  /** A control plane numbers what it read before another one published. */
  readonly publishesWithoutLock?: true
  /** A gateway lays changes upon whatever it holds, and does not look at what comes out. */
  readonly laysUnchecked?: true
  /** A control plane says what changed between any two numbers by what the newest one changed. */
  readonly leavesChangesOut?: true
  /** A control plane takes lists that it does not know for those that it has. */
  readonly takesUnknownLists?: true
  /** What is taken off an access list is told to the gateways on. */
  readonly keepsEntries?: true
  /** A standard listener that is turned off, or on, keeps the number that said what was before. */
  readonly keepsListenerNumber?: true
  /** Private only leaves standard listeners in what is published. */
  readonly servesPrivateOnly?: true
  /** What a process was about to store when it ended is acknowledged all the same. */
  readonly answersBeforeStored?: true
}

export const feedFaults = {
  'older-snapshot-wins': { says: 'a gateway takes whatever comes last, also when it is older', accepts: () => true },
  'reported-before-kept': { says: 'a gateway reports a snapshot that is not on its disk yet', reportsUnkept: true },
  'silent-is-gone': {
    says: 'a gateway that is not heard of is not waited for when an endpoint goes',
    forgetsSilent: true,
  },
  'known-by-report': { says: 'a gateway that has asked but not yet reported is not counted', knownByReport: true },
  'published-without-lock': {
    says: 'two control planes publish at once, each by what it read before',
    publishesWithoutLock: true,
  },
  'changes-left-out': {
    says: 'a control plane tells an edge that is further behind the newest change alone, and gateways do not compare',
    leavesChangesOut: true,
    laysUnchecked: true,
  },
  'unknown-lists-taken': {
    says: 'a gateway says only by what its lists are known, and a control plane takes them for others that it has',
    takesUnknownLists: true,
  },
  'entry-stays': { says: 'an entry that is taken off an access list is told to gateways on', keepsEntries: true },
  'closed-by-an-old-number': {
    says: 'a standard listener that is turned off counts as closed by the number that opened it',
    keepsListenerNumber: true,
  },
  'private-only-serves-on': {
    says: 'private only leaves standard listeners in what is published',
    servesPrivateOnly: true,
  },
  'answered-before-stored': { says: 'a caller is told that it is done before it is stored', answersBeforeStored: true },
} as const satisfies Record<string, FeedFault>

export const isFeedFaultName = (text: string): text is keyof typeof feedFaults => Object.hasOwn(feedFaults, text)
