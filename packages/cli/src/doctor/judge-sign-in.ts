// Whether the user was let in. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import type { RoadFacts } from './judge-road.ts'

export const authentication = ({ road, signIn }: RoadFacts): Finding => {
  switch (signIn.outcome) {
    case 'IN':
      return finding('authentication', 'OK', 'The deployment lets the user in.')
    case 'NOT_TRIED':
      return finding('authentication', 'NOT_APPLICABLE', 'The string names no user.')
    case 'REFUSED':
      if (signIn.byPolicy) {
        const found = `The endpoint does not let user ${road.username ?? ''} of ${road.authSource} in.`
        return finding('authentication', 'FAILED', found, {
          why: 'Its policy names the database users that it lets in, each with its authSource.',
          whatToDo: 'Sign in as one of them, or let this one in: `interfaces update --allowedDatabaseUser`.',
        })
      }
      return finding(
        'authentication',
        'FAILED',
        `The deployment refused user ${road.username ?? ''} of ${road.authSource}.`,
        {
          why: 'The password is wrong, the user does not exist there, or authSource names another database.',
          whatToDo: 'Correct the string, or give the user a new password.',
          command: `postern dbusers describe ${quoted(road.username ?? '')}`,
        },
      )
    case 'NO_ANSWER':
      return finding(
        'authentication',
        'COULD_NOT_TELL',
        `The driver came to no member that would say (${signIn.error}).`,
      )
  }
}
