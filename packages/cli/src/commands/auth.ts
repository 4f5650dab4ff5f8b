// `postern auth …`: who a profile is, for a server. Keys of a service account or of the API; there is no log-in of people
// by browser, which the Atlas CLI has, since a password of the console is not meant for programs.

import type { Leaf } from '../core/command.ts'
import { force } from '../core/global-flags.ts'
import { login } from './auth/login.ts'
import { logout } from './auth/logout.ts'
import { rotateBootstrap } from './auth/rotate-bootstrap.ts'
import { subjectOf } from './auth/subject.ts'

export const auth: readonly Leaf[] = [
  {
    word: 'login',
    short: 'Log in with API keys or a service account, and keep them in a profile.',
    long: [
      'Asks for what is not given; the secret is typed unseen, or is the first line of standard input. The keys are tried',
      'before they are kept. Organization and project are kept too where there is only one, or are asked for.',
    ].join('\n'),
    flags: [
      { name: 'publicKey', kind: 'text', usage: 'Public part of an API key; the private part is asked for.' },
      { name: 'clientId', kind: 'text', usage: 'Client id of a service account; its secret is asked for.' },
    ],
    examples: [
      ['Answer the questions:', 'auth login'],
      ['In a script, the secret by standard input:', 'auth login --baseUrl http://127.0.0.1:8080 --publicKey abcdefgh'],
    ],
    run: login,
  },
  {
    word: 'logout',
    short: 'Remove keys, organization and project from a profile.',
    flags: [force],
    examples: [['Log out of the profile "work":', 'auth logout --profile work --force']],
    run: logout,
  },
  {
    word: 'whoami',
    short: 'Say who you are, for which server.',
    async run(context) {
      const { credentials } = await context.server()
      const { type, name } = subjectOf(credentials)
      context.say(`Logged in as ${name} ${type}`)
    },
  },
  {
    word: 'rotate-bootstrap',
    short: 'Replace the keys and passwords that the first start of `postern up` made, and take them out of its home.',
    long: [
      'The new API key goes to a profile, "default" unless another is named; the new secret of the service account and the',
      "new passwords of the owner and of the sample's database user are shown this once. The server must be running. What",
      'connects with the old ones has to be given the new.',
    ].join('\n'),
    role: 'Organization Owner',
    flags: [force],
    examples: [['Without a question, of the home that POSTERN_HOME names:', 'auth rotate-bootstrap --force']],
    run: rotateBootstrap,
  },
]
